namespace Im.Client.Engine;

/// <summary>Which heads a heartbeat tells: those that changed since the last one, then the others in turn, at most <see cref="MaxCount"/>.</summary>
internal sealed class HeartbeatPlan
{
    public const int MaxCount = 200;

    private readonly Dictionary<string, long> _told = [];
    private int _turn;

    public byte[] Next(IReadOnlyCollection<Replica> replicas)
    {
        var changed = replicas.Where(replica => replica.Epoch.Length > 0 && _told.GetValueOrDefault(replica.Conversation, -1) != replica.Last).Take(MaxCount).ToList();
        var rest = replicas.Where(replica => replica.Epoch.Length > 0).Except(changed).ToArray();
        var count = Math.Min(MaxCount - changed.Count, rest.Length);
        for (var i = 0; i < count; i++) changed.Add(rest[(_turn + i) % rest.Length]);
        if (rest.Length > 0) _turn = (_turn + count) % rest.Length;
        foreach (var replica in changed) _told[replica.Conversation] = replica.Last;
        if (_told.Count > replicas.Count * 2 + MaxCount) _told.Clear();
        return Wire.Object(writer =>
        {
            if (changed.Count == 0) return;
            writer.WriteStartObject("heads");
            foreach (var replica in changed) writer.WriteNumber(replica.Conversation, replica.Last);
            writer.WriteEndObject();
        });
    }
}
