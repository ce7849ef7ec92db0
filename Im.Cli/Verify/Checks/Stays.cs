using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// Which records of a conversation a user may read. Of a group this is what its own records say; a stay begins and ends with the record that says so.
/// Events that retention removed are taken from the devices that got them.
/// </summary>
internal sealed class Stays
{
    private readonly Dictionary<string, List<(long From, long To)>> _stays = [];
    private readonly bool _isOpen;

    private Stays(bool isOpen) => _isOpen = isOpen;

    public static Stays Of(ConversationLog log, IEnumerable<DeviceFacts> devices)
    {
        var stays = new Stays(log.Conversation.StartsWith("r:", StringComparison.Ordinal));
        var rest = log.Conversation[2..];
        if (log.Conversation[0] == 'u') stays.Begin(rest, 1);
        else if (log.Conversation[0] == 'p') foreach (var user in rest.Split('|')) stays.Begin(user, 1);
        else if (!stays._isOpen) stays.Follow(Removed(log, devices).Concat(log.Records.Where(record => record.IsEvent).Select(record => (record.Mseq, record.From, record.Ext))));
        return stays;
    }

    /// <summary>Everybody may read all of it.</summary>
    public bool IsOpen => _isOpen;

    public bool MayRead(string user, long mseq) =>
        _isOpen || (_stays.TryGetValue(user, out var stays) && stays.Exists(stay => stay.From <= mseq && mseq <= stay.To));

    /// <summary>A stay of the user reaches from a record to the one behind it.</summary>
    public bool IsThrough(string user, long mseq) => _stays.TryGetValue(user, out var stays) && stays.Exists(stay => stay.From <= mseq && mseq < stay.To);

    /// <summary>True when the user was ever let in.</summary>
    public bool Knows(string user) => !_isOpen && _stays.ContainsKey(user);

    private static IEnumerable<(long Mseq, string From, string Ext)> Removed(ConversationLog log, IEnumerable<DeviceFacts> devices) =>
        devices.Where(device => device.Copies.ContainsKey(log.Conversation)).SelectMany(device => device.Copies[log.Conversation].Applied)
            .Where(applied => applied.Type == "event" && applied.Mseq < log.First && applied.Epoch == log.Epoch)
            .Select(applied => (applied.Mseq, applied.From, applied.Ext)).DistinctBy(applied => applied.Mseq).OrderBy(applied => applied.Mseq);

    private void Follow(IEnumerable<(long Mseq, string From, string Ext)> events)
    {
        foreach (var record in events)
        {
            var said = EventText.Read(record.Ext);
            var users = said.GetValueOrDefault("users", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
            switch (said.GetValueOrDefault("op"))
            {
                case "create":
                    Begin(record.From, record.Mseq);
                    foreach (var user in users) Begin(user, record.Mseq);
                    break;
                case "add":
                    foreach (var user in users) Begin(user, record.Mseq);
                    break;
                case "remove":
                    foreach (var user in users) End(user, record.Mseq);
                    break;
                case "leave":
                    End(record.From, record.Mseq);
                    break;
            }
        }
    }

    private void Begin(string user, long mseq)
    {
        if (!_stays.TryGetValue(user, out var stays)) _stays.Add(user, stays = []);
        if (stays.Count == 0 || stays[^1].To != long.MaxValue) stays.Add((mseq, long.MaxValue));
    }

    private void End(string user, long mseq)
    {
        if (_stays.TryGetValue(user, out var stays) && stays[^1].To == long.MaxValue) stays[^1] = (stays[^1].From, mseq);
    }
}
