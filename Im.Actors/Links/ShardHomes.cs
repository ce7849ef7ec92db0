using System.Collections.Frozen;
using Akka.Actor;

namespace Im.Actors.Links;

/// <summary>Which shards of a region live on other nodes, as last heard. Read on any thread.</summary>
internal sealed class ShardHomes
{
    private volatile FrozenDictionary<string, Address> _homes = FrozenDictionary<string, Address>.Empty;

    public bool IsEmpty => _homes.Count == 0;

    /// <returns>Null: it lives here, or nobody knows.</returns>
    public Address? Find(string shard) => _homes.GetValueOrDefault(shard);

    public void Set(IEnumerable<KeyValuePair<string, Address>> homes) => _homes = homes.ToFrozenDictionary(StringComparer.Ordinal);
}
