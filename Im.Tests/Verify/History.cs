using System.Globalization;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;

namespace Im.Tests.Verify;

/// <summary>
/// A good history to break: alice sent four messages to a group of alice and bob, edited one, took carol in at 6 and out at 8, and a push reached her
/// inbox. Every device got all of it.
/// </summary>
internal sealed class History
{
    public const string Group = "g:team";
    public const string Inbox = "u:alice";
    public const string Epoch = "e1";

    public History()
    {
        Event(1, "op=create users=bob");
        Message(2, "two");
        Message(3, "three");
        Message(4, "four");
        Edit(5, 3, "three, edited");
        Change(6, "add", "carol");
        Message(7, "seven");
        Change(8, "remove", "carol");
        Message(9, "nine");
        foreach (var device in new[] { Alice, Bob }) Give(device, Group, 0, Log.Where(_ => true));
        Give(Carol, Group, 5, Log.Where(record => record.Mseq is >= 6 and <= 8));
        Push();
    }

    public List<LogRecord> Log { get; } = [];

    public List<LogRecord> InboxLog { get; } = [];

    public List<SentFact> Sent { get; } = [];

    public List<PushFact> Pushes { get; } = [];

    public List<MarkFact> Marks { get; } = [];

    public List<GapFact> Gaps { get; } = [];

    public DeviceFacts Alice { get; } = new("alice-1", "alice") { IsComplete = true };

    public DeviceFacts Bob { get; } = new("bob-1", "bob") { IsComplete = true };

    public DeviceFacts Carol { get; } = new("carol-1", "carol") { IsComplete = true };

    /// <summary>Rooms besides the group.</summary>
    public List<ConversationLog> Rooms { get; } = [];

    public long First { get; set; } = 1;

    public long? Quiet { get; set; }

    /// <summary>What bob applied of the group.</summary>
    public List<AppliedFact> BobGot => Bob.Copy(Group).Applied;

    public IReadOnlyList<Violation> Check() => Checker.Check(new RunFacts(
        Sent,
        [Alice, Bob, Carol],
        [.. Rooms, new ConversationLog(Group, Epoch, First, Math.Max(9, Log.Max(record => record.Mseq)), Log), new ConversationLog(Inbox, Epoch, 1, InboxLog.Count, InboxLog)],
        Pushes,
        Marks,
        Gaps,
        Quiet));

    public SentFact SentAt(long mseq) => Sent.First(sent => sent.Mseq == mseq && sent.Conversation == Group);

    public SentFact Add(string cid, string text, Outcome outcome, long mseq = 0, int code = 0, string command = "msg", long target = 0, bool isRepeat = false, bool isProbe = false)
    {
        var sent = new SentFact("alice-1", "alice", Sent.Count + 1, Group, cid, command, text, target, isRepeat, isProbe)
        {
            Outcome = outcome,
            Epoch = outcome == Outcome.Acked ? Epoch : "",
            Mseq = mseq,
            Mid = mseq > 0 ? Mid(mseq) : "",
            Code = code,
            AnsweredMs = mseq * 10,
        };
        Sent.Add(sent);
        return sent;
    }

    /// <summary>A room of five messages of which the first are gone; bob got some, the second of them with a gap mark or none.</summary>
    public void AddRoom(long first, long[] got, (long From, long To)? gap)
    {
        const string Room = "r:hall";
        var records = Enumerable.Range(1, 5).Select(mseq => new LogRecord(mseq, $"r{mseq}", "alice", $"r{mseq}", "text", "hi", "", mseq, 0, false)).ToList();
        foreach (var record in records) Sent.Add(new SentFact("alice-1", "alice", 100 + record.Mseq, Room, record.Cid!, "msg", "hi", 0, false, false) { Outcome = Outcome.Acked, Epoch = Epoch, Mseq = record.Mseq, Mid = record.Mid });
        Rooms.Add(new ConversationLog(Room, Epoch, first, 5, [.. records.Where(record => record.Mseq >= first)]));
        Give(Bob, Room, 0, records.Where(record => got.Contains(record.Mseq)));
        var applied = Bob.Copy(Room).Applied;
        applied[1] = applied[1] with { Gap = gap };
    }

    public static AppliedFact Applied(LogRecord record) => new(
        Epoch, record.Mseq, record.Mid, record.From, record.Cid, record.Type, record.Text, record.Ext, record.IsRecalled, null, record.Mseq * 10);

    private void Message(long mseq, string text)
    {
        var record = new LogRecord(mseq, Mid(mseq), "alice", $"c{mseq}", "text", text, "", mseq, 0, false);
        Log.Add(record);
        Add(record.Cid!, text, Outcome.Acked, mseq);
    }

    private void Edit(long mseq, long target, string text)
    {
        Log.Add(new LogRecord(mseq, Mid(mseq), "alice", $"c{mseq}", "event", text, $"mseq={target} op=edit", mseq, 0, false));
        Add($"c{mseq}", text, Outcome.Acked, mseq, command: "edit", target: target);
        var index = Log.FindIndex(record => record.Mseq == target);
        Log[index] = Log[index] with { Text = text, EditedBy = mseq };
    }

    private void Change(long mseq, string command, string user)
    {
        Event(mseq, $"op={command} users={user}");
        Add($"c{mseq}", user, Outcome.Acked, mseq, command: command);
    }

    private void Event(long mseq, string what) => Log.Add(new LogRecord(mseq, Mid(mseq), "alice", null, "event", "", what, mseq, 0, false));

    private void Push()
    {
        var record = new LogRecord(1, "p1", "system", "push-1", "text", "pushed", "", 1, 0, false);
        InboxLog.Add(record);
        Give(Alice, Inbox, 0, InboxLog);
        Sent.Add(new SentFact("http", "system", 1, Inbox, "push-1", "push", "pushed", 0, false, false) { Outcome = Outcome.Acked, Epoch = Epoch, Mseq = 1, Mid = "p1" });
        Pushes.Add(new PushFact("alice", "push-1", "p1", 1, [new StateFact("", "ACKED"), new StateFact("alice-1", "ACKED")], AtMs: 20));
    }

    private static void Give(DeviceFacts device, string conversation, long after, IEnumerable<LogRecord> records)
    {
        var copy = device.Copy(conversation);
        copy.Opened.Add(new OpenedFact(Epoch, after));
        copy.Applied.AddRange(records.Select(Applied));
    }

    private static string Mid(long mseq) => string.Create(CultureInfo.InvariantCulture, $"m{mseq}");
}
