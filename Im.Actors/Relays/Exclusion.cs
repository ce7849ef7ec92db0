using Im.Actors.Connections;

namespace Im.Actors.Relays;

/// <summary>Who of a room gets none of a push.</summary>
/// <param name="Own">A few connections of one user; null for none.</param>
/// <param name="Places">Up to which record members read for themselves; null where nobody does.</param>
/// <param name="Mseq">The push's record; means something beside <paramref name="Places"/> alone.</param>
internal readonly record struct Exclusion(ConnectionSlot[]? Own, IReadOnlyDictionary<ConnectionSlot, long>? Places = null, long Mseq = 0)
{
    public bool Contains(ConnectionSlot slot) =>
        (Own is not null && Array.IndexOf(Own, slot) >= 0) || (Places is not null && Places.TryGetValue(slot, out var place) && place >= Mseq);
}
