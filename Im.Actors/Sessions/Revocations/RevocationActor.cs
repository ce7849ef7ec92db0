using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Sessions.Revocations;

/// <summary>
/// One per node: reads revocations from the store by number every two seconds, and at once when a hint comes, puts them into the
/// table and closes the connections that live by them. Logins look into the table themselves.
/// </summary>
internal sealed class RevocationActor : UntypedActor, IWithTimers
{
    public const string Topic = "im.revocations";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    /// <summary>Numbers younger than this are read again, since a smaller one may become visible after a greater one.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    /// <summary>The same at the start, when of none it is known how long it has been there: more than are on their way at once.</summary>
    private const int OverlapCountAtStart = 1_000;

    public static Props Create(IMessageStore store, RevocationTable table, ConnectionServices services, IActorRef mediator) =>
        Props.Create(() => new RevocationActor(store, table, services, mediator));

    /// <summary>There is a new revocation: look now.</summary>
    public sealed record Hint(long Number) : IClusterMessage;

    private sealed record Poll : ILocalMessage
    {
        public static readonly Poll Instance = new();
    }

    /// <param name="AskedAt">Timestamp of the question: what the answer does not hold came later.</param>
    private sealed record Answer(long AskedAt, IReadOnlyList<Revocation>? Revocations) : ILocalMessage;

    private readonly IMessageStore _store;
    private readonly RevocationTable _table;
    private readonly ConnectionServices _services;
    private readonly IActorRef _mediator;
    private HashSet<long> _seen = [];       // numbers of the running overlap
    private HashSet<long> _seenBefore = [];  // and of the one before
    private long _readFrom;
    private long _highest;
    private long _highestBefore;
    private long _overlapSince;
    private bool _hasReadAll;
    private bool _asking;
    private bool _askAgain;

    public RevocationActor(IMessageStore store, RevocationTable table, ConnectionServices services, IActorRef mediator)
    {
        _store = store;
        _table = table;
        _services = services;
        _mediator = mediator;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _overlapSince = _services.Time.GetTimestamp();
        _mediator.Tell(new Subscribe(Topic, Self));
        Timers.StartPeriodicTimer(nameof(Poll), Poll.Instance, TimeSpan.Zero, PollInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Answer answer: OnAnswer(answer); break;
            case Poll: OnPoll(); break;
            case Hint: OnHint(); break;
            case SubscribeAck: break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>The store gets one question at a time, so that a slow one is not asked ever more.</summary>
    private void OnPoll()
    {
        if (_asking) return;
        _asking = true;
        Ask(_readFrom, _services.Time.GetTimestamp());
    }

    private void OnHint()
    {
        _askAgain = _asking;
        OnPoll();
    }

    private void OnAnswer(Answer answer)
    {
        if (answer.Revocations is { Count: > 0 } page)
        {
            // The store may give them in pages: read on until one is empty.
            Apply(page);
            Ask(page[^1].Number, answer.AskedAt);
            return;
        }

        _asking = false;
        if (answer.Revocations is not null)
        {
            // The connections that were there have been told; now the door is open for new ones.
            if (!_hasReadAll) BeginOverlap();
            MoveOverlap();
            _table.Answered(answer.AskedAt);
        }

        if (!_askAgain) return;
        _askAgain = false;
        OnPoll();
    }

    private void Ask(long after, long askedAt) =>
        ReadAsync(_store, after).PipeTo(Self, success: found => new Answer(askedAt, found), failure: _ => new Answer(askedAt, null));

    private void Apply(IReadOnlyList<Revocation> revocations)
    {
        HashSet<UserKey>? users = null;
        var tokens = false;
        foreach (var revocation in revocations)
        {
            _highest = Math.Max(_highest, revocation.Number);
            if (_seenBefore.Contains(revocation.Number) || !_seen.Add(revocation.Number)) continue;
            _table.Apply(revocation);
            tokens |= revocation.TokenId is not null;
            if (revocation.User is { } user) (users ??= []).Add(new UserKey(revocation.App, new UserId(user)));
        }

        // A token's connection is found by looking at all of them, once for all tokens that came together.
        var suspects = tokens ? _services.Table.Snapshot() : users?.SelectMany(_services.Users.Find) ?? [];
        foreach (var slot in suspects) CloseIfRevoked(slot);
    }

    private void CloseIfRevoked(ConnectionSlot slot)
    {
        if (slot.Attachment is not { Token: { } grant } attachment || _table.Check(attachment.User, grant) == RevocationVerdict.None) return;
        slot.Actor.Tell(new ConnectionCommands.Close(CloseCode.Revoked, "the token was revoked", TellKicked: false));
    }

    /// <summary>The whole table has been read once. It may be long, so it is not read again.</summary>
    private void BeginOverlap()
    {
        _hasReadAll = true;
        _readFrom = _highestBefore = Math.Max(0, _highest - OverlapCountAtStart);
        _seen.RemoveWhere(number => number <= _readFrom);
        _seen.TrimExcess();
    }

    private void MoveOverlap()
    {
        if (_services.Time.GetElapsedTime(_overlapSince) < Overlap) return;
        _table.Forget();
        _overlapSince = _services.Time.GetTimestamp();
        _readFrom = _highestBefore;
        _highestBefore = _highest;
        _seenBefore = _seen;
        _seen = [];
    }

    private static async Task<IReadOnlyList<Revocation>?> ReadAsync(IMessageStore store, long after)
    {
        using var patience = new CancellationTokenSource(RevocationTable.Patience);
        return await store.ReadRevocationsAsync(after, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
    }
}
