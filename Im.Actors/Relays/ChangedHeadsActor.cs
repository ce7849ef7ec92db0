using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// Reads the heads that moved from the store every few seconds, in one batched query, and brings this node's relays and its
/// users' devices up from it: whatever was acknowledged is seen here even when its push was lost on every other way
/// (rules.md §4). The reads overlap, since commits become visible out of order.
/// </summary>
internal sealed class ChangedHeadsActor : UntypedActor, IWithTimers
{
    public static Props Create(ChangedHeadsContext context) => Props.Create(() => new ChangedHeadsActor(context)).WithDispatcher("im.lane-dispatcher");

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Changed(IReadOnlyList<ChangedHead>? Heads) : ILocalMessage;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const long OverlapMs = 30_000;

    /// <summary>A younger change is still on its usual way.</summary>
    private const long MinAgeMs = 1_000;

    private const int PageCount = 10_000;

    private readonly ChangedHeadsContext _context;
    private bool _isReading;

    public ChangedHeadsActor(ChangedHeadsContext context) => _context = context;

    public ITimerScheduler Timers { get; set; } = null!;

    private long NowMs => _context.Time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _context.Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick: OnTick(); break;
            case Changed changed: OnChanged(changed); break;
            case ClusterChanged: OnClusterChanged(); break;
            case PeerGone: break;
            default: Unhandled(message); break;
        }
    }

    private void OnTick()
    {
        _context.Heads.Turn(NowMs);
        _context.Direct.Turn(NowMs);
        Read();
    }

    /// <summary>
    /// What was under way when a node went or links broke may be lost: looked at now, and once more after what was committed late has
    /// become old enough.
    /// </summary>
    private void OnClusterChanged()
    {
        Read();
        Timers.StartSingleTimer(nameof(ClusterChanged), Tick.Instance, TimeSpan.FromMilliseconds(MinAgeMs + 500));
    }

    private void Read()
    {
        if (_isReading) return;
        _isReading = true;
        _context.Store.ReadChangedAsync(long.MaxValue, NowMs - OverlapMs, PageCount).PipeTo(Self, Self, heads => new Changed(heads), _ => new Changed(null));
    }

    private void OnChanged(Changed changed)
    {
        _isReading = false;
        var newest = NowMs - MinAgeMs;
        foreach (var head in changed.Heads ?? [])
        {
            _context.Heads.Note(head.Conversation, head.Epoch, head.Head);
            if (head.TimestampMs > newest && head.TimestampMs <= newest + (2 * MinAgeMs)) continue;   // later than that is a clock that is ahead
            switch (head.Conversation.Conversation.Kind)
            {
                case ConversationKind.Room or ConversationKind.Group:
                    _context.Relays.For(head.Conversation).Tell(new RelayCommands.Head(head.Conversation, head.Epoch, head.Head));
                    break;
                default:
                    foreach (var user in head.Conversation.Conversation.Value[2..].Split('|')) BringUp(head, new UserId(user));
                    break;
            }
        }
    }

    /// <summary>Devices that were not given a one-to-one or inbox record are told to sync.</summary>
    private void BringUp(ChangedHead head, UserId user)
    {
        foreach (var slot in _context.Users.Find(new UserKey(head.Conversation.App, user)))
        {
            if (slot.Level != ProtocolLevel.Two || _context.Direct.Has(slot.Number, head.Conversation.Conversation, head.Head)) continue;
            _context.Direct.Note(slot.Number, head.Conversation.Conversation, head.Head);
            slot.Actor.Tell(new ConnectionCommands.SyncRequired([head.Conversation.Conversation.Value]));
        }
    }
}

/// <param name="Direct">Which connection was given which one-to-one and inbox records.</param>
internal sealed record ChangedHeadsContext(IMessageStore Store, RelayRefs Relays, UserIndex Users, HeadTable Heads, DirectHeads Direct, TimeProvider Time, TimeSpan Interval);
