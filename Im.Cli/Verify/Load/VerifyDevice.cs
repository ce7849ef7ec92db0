using Im.Cli.Verify.Facts;
using Im.Client;

namespace Im.Cli.Verify.Load;

/// <summary>One client under check: it notes what it sends, what it is answered, and what it applies.</summary>
internal sealed class VerifyDevice : IAsyncDisposable
{
    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(40);

    private readonly FactBook _book;
    private readonly DeviceFacts _facts;
    private readonly Lock _lock = new();
    private readonly Lock _sending = new();
    private readonly Task _reading;
    private long _order;
    private long _applied;
    private (long FromMs, int? CloseCode)? _away;
    private bool _wasOnline;

    public VerifyDevice(Uri url, uint app, string user, string device, FactBook book)
    {
        _book = book;
        _facts = new DeviceFacts(device, user);
        // A small buffer: a device that does not take its records soon stops reading its socket.
        Client = new ImChatClient(new ImChatClientOptions { Url = url, App = app, User = user, Device = device, MaxUnreadCount = 200, TellsPushes = true });
        Client.Noticed += OnNotice;
        Client.StateChanged += OnState;
        _reading = ReadAsync();
    }

    public ImChatClient Client { get; }

    public string Name => _facts.Name;

    public string User => _facts.User;

    /// <summary>Takes records slowly while true.</summary>
    public bool IsSlow { get; set; }

    public long AppliedCount => Interlocked.Read(ref _applied);

    /// <summary>Own messages that were acknowledged lately, for edits and recalls.</summary>
    public Queue<SentFact> Own { get; } = new();

    /// <summary>The facts; to be read when the device is quiet.</summary>
    public DeviceFacts Facts => _facts;

    /// <summary>Sends, and notes the answer.</summary>
    public async Task<SentFact> SendAsync(string conversation, string cid, string text, bool isRepeat = false)
    {
        var (sent, answer) = InOrder(() => (Begin(conversation, cid, "msg", text, 0, isRepeat), Client.SendAsync(conversation, text, cid)));
        await EndAsync(sent, answer);
        return sent;
    }

    public Task EditAsync(SentFact message, string cid, string text) =>
        InOrder(() => EndAsync(Begin(message.Conversation, cid, "edit", text, message.Mseq, false), Client.EditAsync(message.Conversation, message.Mseq, text, cid)));

    public Task RecallAsync(SentFact message, string cid) =>
        InOrder(() => EndAsync(Begin(message.Conversation, cid, "recall", "", message.Mseq, false), Client.RecallAsync(message.Conversation, message.Mseq, cid)));

    /// <summary>Takes a user into a group of this device's user, or out of it.</summary>
    public Task ChangeMemberAsync(string group, string user, bool isAdded, string cid) =>
        InOrder(() => EndAsync(
            Begin(group, cid, isAdded ? "add" : "remove", user, 0, false),
            isAdded ? Client.AddMembersAsync(group, [user], cid) : Client.RemoveMembersAsync(group, [user], cid),
            (sent, changed) => sent.Mseq = changed.Mseq));

    public async Task ReadMarkAsync(string conversation)
    {
        long last;
        lock (_lock) last = _facts.Copies.TryGetValue(conversation, out var copy) && copy.Applied.Count > 0 ? copy.Applied[^1].Mseq : 0;
        if (last == 0) return;
        var life = _book.Life;
        var read = await Client.ReadAsync(conversation, last);
        if (life == _book.Life) _book.Marks.Enqueue(new MarkFact(Name, "read answer", conversation, User, read, life));
    }

    public async Task LeaveAndJoinAsync(string room)
    {
        lock (_lock) _facts.Copy(room).IsLeft = true;
        await Client.LeaveAsync(room);
        await Client.JoinAsync(room);
        lock (_lock) _facts.Copy(room).IsLeft = false;
    }

    public async Task BreakAsync()
    {
        lock (_lock) _facts.Broken.Add(_book.NowMs);
        await Client.BreakAsync();
    }

    /// <summary>Stays on its connection, and sends there, though nothing is heard on it: what it sends to a node that stands still waits for that node alone.</summary>
    public async Task HoldAsync()
    {
        lock (_lock) _facts.Held.Add(_book.NowMs);
        await Client.HoldAsync();
    }

    /// <summary>The last number of a conversation that the application got or begins behind; −1 when it is not open here.</summary>
    public long LastOf(string conversation)
    {
        lock (_lock)
        {
            if (!_facts.Copies.TryGetValue(conversation, out var copy) || copy.Opened.Count == 0) return -1;
            return Math.Max(copy.Opened[^1].After, copy.Applied.Count > 0 ? copy.Applied[^1].Mseq : 0);
        }
    }

    public bool HasLeft(string conversation)
    {
        lock (_lock) return _facts.Copies.TryGetValue(conversation, out var copy) && copy.IsLeft;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    /// <summary>Several streams of messages use a device at the same time: what is noted first is sent first.</summary>
    private T InOrder<T>(Func<T> send)
    {
        lock (_sending) return send();
    }

    private SentFact Begin(string conversation, string cid, string command, string text, long target, bool isRepeat)
    {
        var sent = new SentFact(Name, User, ++_order, conversation, cid, command, text, target, isRepeat, _book.IsProbing);
        _book.Begin(sent);
        return sent;
    }

    private Task EndAsync(SentFact sent, Task<ImSent> answer) =>
        EndAsync(sent, answer, (sent, stored) => (sent.Epoch, sent.Mseq, sent.Mid, sent.IsDuplicate) = (stored.Epoch, stored.Mseq, stored.Mid, stored.IsDuplicate));

    private async Task EndAsync<T>(SentFact sent, Task<T> answer, Action<SentFact, T> note)
    {
        try
        {
            note(sent, await answer);
            _book.End(sent, Outcome.Acked);
        }
        catch (ImRefusedException refused)
        {
            sent.Code = (int)refused.Code;
            _book.End(sent, Outcome.Refused);
        }
        catch (ImStoppedException)
        {
            // Left open: the check says so.
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var record in Client.ReadRecordsAsync())
        {
            var applied = new AppliedFact(
                record.Epoch, record.Mseq, record.Mid ?? "", record.From, record.Cid, record.Type, record.Text, EventText.Of(record.Ext), record.IsRecalled,
                record.Gap is { } gap ? (gap.From, gap.To) : null, _book.NowMs);
            lock (_lock) _facts.Copy(record.Conversation).Applied.Add(applied);
            Interlocked.Increment(ref _applied);
            if (IsSlow) await Task.Delay(SlowPause);
        }
    }

    private void OnState(ImStateChange change)
    {
        lock (_lock)
        {
            if (change.State == ImClientState.Online)
            {
                _wasOnline = true;
                if (_away is { } away) _facts.Away.Add(new AwayFact(away.FromMs, away.CloseCode, _book.NowMs));
                _away = null;
            }
            else if (_wasOnline)
            {
                _away = (_away?.FromMs ?? _book.NowMs, _away?.CloseCode ?? change.CloseCode);
            }
        }
    }

    private void OnNotice(ImNotice notice)
    {
        switch (notice)
        {
            case ImOpened opened:
                lock (_lock) _facts.Copy(opened.Conversation).Opened.Add(new OpenedFact(opened.Epoch, opened.After));
                break;
            case ImCatchUp { Cause: ImCatchUpCause.Gap } gap when !Client.HasUnanswered(gap.Conversation):
                _book.Gaps.Enqueue(new GapFact(Name, gap.Conversation, gap.After, _book.NowMs));
                break;
            case ImPushed { Record: { Mseq: > 0 } pushed }:
                lock (_lock) _facts.Copy(pushed.Conversation).Pushed.Add((pushed.Epoch, pushed.Mseq));
                break;
            case ImReceipt receipt:
                if (receipt.Delivered is { } delivered) _book.Marks.Enqueue(new MarkFact(Name, "delivered", receipt.Conversation, receipt.User, delivered, _book.Life));
                if (receipt.Read is { } read) _book.Marks.Enqueue(new MarkFact(Name, "read", receipt.Conversation, receipt.User, read, _book.Life));
                break;
        }
    }
}
