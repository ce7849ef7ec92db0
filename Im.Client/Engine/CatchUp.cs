using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Client.Engine;

/// <summary>
/// Which conversations have to be read, by one <c>sync</c> at a time for all of them, or by one page of <c>history</c> at a time each. The questions
/// go out when the engine calls <see cref="Plan"/>.
/// </summary>
internal sealed class CatchUp(Action<ImNotice> notice)
{
    public const int MaxSyncCount = 200;
    public const int MaxPageCount = 8;
    public const int PageSize = 200;

    private readonly HashSet<Replica> _sync = [];
    private readonly HashSet<Replica> _page = [];
    private readonly HashSet<Replica> _syncing = [];
    private bool _isSyncing;
    private long _syncNotBefore;
    private int _paging;

    public bool IsAsked(Replica replica) => _sync.Contains(replica) || _page.Contains(replica) || _syncing.Contains(replica);

    public void Sync(Replica replica, ImCatchUpCause cause)
    {
        _page.Remove(replica);
        if (_sync.Add(replica)) notice(new ImCatchUp(replica.Conversation, replica.Last, cause));
    }

    public void Page(Replica replica)
    {
        if (_sync.Contains(replica)) return;
        if (_page.Add(replica)) notice(new ImCatchUp(replica.Conversation, replica.Last, ImCatchUpCause.NotRecovered));
    }

    public void Forget(Replica replica)
    {
        _sync.Remove(replica);
        _page.Remove(replica);
        _syncing.Remove(replica);
    }

    /// <summary>The connection is gone, and the questions with it; the login asks anew.</summary>
    public void Clear()
    {
        _sync.Clear();
        _page.Clear();
        _syncing.Clear();
        _isSyncing = false;
        _paging = 0;
        _syncNotBefore = 0;
    }

    /// <summary>Sends what can be asked now.</summary>
    /// <param name="ask">Command, data, and what to do with the reply.</param>
    public void Plan(long now, Action<string, byte[], Action<Reply>> ask, ReplicaSet replicas, Func<long> clock)
    {
        if (!_isSyncing && _sync.Count > 0 && now >= _syncNotBefore)
        {
            var asked = _sync.Where(replica => replica.Load == ReplicaLoad.None).Take(MaxSyncCount).Select(replica => (Replica: replica, replica.Epoch)).ToArray();
            foreach (var (replica, _) in asked)
            {
                _sync.Remove(replica);
                _syncing.Add(replica);
                replica.Load = ReplicaLoad.Sync;
            }
            if (asked.Length > 0) AskSync(asked, ask, replicas, clock);
        }
        foreach (var replica in _page.Where(replica => replica.Load == ReplicaLoad.None && replica.NotBefore <= now).Take(MaxPageCount - _paging).ToArray())
        {
            _page.Remove(replica);
            _paging++;
            replica.Load = ReplicaLoad.History;
            AskPage(replica, ask, replicas, clock);
        }
    }

    public long NextDue()
    {
        var due = _sync.Count > 0 && !_isSyncing && _syncNotBefore > 0 ? _syncNotBefore : long.MaxValue;
        foreach (var replica in _page) if (replica.NotBefore > 0) due = Math.Min(due, replica.NotBefore);
        return due;
    }

    private void AskSync((Replica Replica, string Epoch)[] asked, Action<string, byte[], Action<Reply>> ask, ReplicaSet replicas, Func<long> clock)
    {
        _isSyncing = true;
        var cursors = asked.Select(entry => KeyValuePair.Create(entry.Replica.Conversation, new Cursor(entry.Epoch, entry.Replica.Last))).ToArray();
        ask("sync", Wire.Object(writer => Wire.WriteCursors(writer, cursors)), reply => OnSynced(asked, reply, replicas, clock()));
    }

    private void OnSynced((Replica Replica, string Epoch)[] asked, Reply reply, ReplicaSet replicas, long now)
    {
        _isSyncing = false;
        var epochs = new Dictionary<string, string>();
        foreach (var (replica, epoch) in asked)
        {
            if (!_syncing.Remove(replica)) continue;
            replica.Load = ReplicaLoad.None;
            epochs.Add(replica.Conversation, epoch);
            if (!reply.IsSuccess) _sync.Add(replica);
        }
        _syncNotBefore = reply.IsSuccess ? 0 : now + Math.Max(1000, reply.RetryAfterMs);
        if (!reply.IsSuccess) return;
        foreach (var answer in reply.Data.Entries("convs"))
        {
            if (answer.Text("conv") is { } conversation && epochs.TryGetValue(conversation, out var epoch)) replicas.OnAnswer(answer, epoch, now);
        }
    }

    private void AskPage(Replica replica, Action<string, byte[], Action<Reply>> ask, ReplicaSet replicas, Func<long> clock)
    {
        var (epoch, after) = (replica.Epoch, replica.Last);
        var data = Wire.Object(writer =>
        {
            writer.WriteString("conv", replica.Conversation);
            writer.WriteNumber("after", after);
            writer.WriteNumber("limit", PageSize);
        });
        ask("history", data, reply =>
        {
            _paging--;
            OnPage(replica, epoch, reply, replicas, clock());
        });
    }

    private void OnPage(Replica replica, string epoch, Reply reply, ReplicaSet replicas, long now)
    {
        replica.Load = ReplicaLoad.None;
        if (replicas.Find(replica.Conversation) != replica) return;
        replica.NotBefore = 0;
        switch (reply.Code)
        {
            case ReplyCode.Success: replicas.OnPage(replica, epoch, reply.Data, now); break;
            case ReplyCode.RangeNotKept: replicas.OnRangeGone(replica, reply.Data.Number("first") ?? replica.Last + 1, now); break;
            case ReplyCode.EpochChanged: Sync(replica, ImCatchUpCause.New); break;
            case ReplyCode.NotAMember or ReplyCode.Forbidden or ReplyCode.NoSuchConversation: replicas.Lose(replica.Conversation, reply.Code); break;
            default:
                replica.NotBefore = now + Math.Max(1000, reply.RetryAfterMs);
                _page.Add(replica);
                break;
        }
    }
}
