using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using Im.Node.Configuration;

namespace Im.Node.Clustering.Formation;

/// <summary>Joins, and while this node is a member says so in the shared store (<see cref="INodeRegistry"/>).</summary>
internal sealed class FormationActor : UntypedActor, IWithTimers
{
    public static Props Create(FormationSettings settings, INodeRegistry registry) => Props.Create(() => new FormationActor(settings, registry));

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }

    /// <param name="Members">Null: the store did not answer.</param>
    private sealed record Looked(IReadOnlyList<string>? Members) : INoSerializationVerificationNeeded;

    private sealed record Joined : INoSerializationVerificationNeeded
    {
        public static readonly Joined Instance = new();
    }

    private sealed record Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Instance = new();
    }

    private sealed record Touched : INoSerializationVerificationNeeded
    {
        public static readonly Touched Instance = new();
    }

    /// <summary>A stop does not wait longer for the store; what stays in it grows old by itself.</summary>
    private static readonly TimeSpan LeaveBound = TimeSpan.FromSeconds(1.5);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly FormationSettings _settings;
    private readonly INodeRegistry _registry;
    private readonly string _self;

    /// <summary>What the join that runs was given: it is begun again only when that changes, since its waits begin again too.</summary>
    private ImmutableList<Address> _plan = [];
    private bool _isMember;
    private bool _isLeaving;

    public FormationActor(FormationSettings settings, INodeRegistry registry)
    {
        _settings = settings;
        _registry = registry;
        _self = ClusterAddress.Text(_cluster.SelfAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _cluster.RegisterOnMemberUp(() => self.Tell(Joined.Instance));

        // An earlier process at this address is gone, else its port would be taken.
        _registry.RemoveAsync(_self, CancellationToken.None).PipeTo(Self, success: _ => Look.Instance, failure: _ => Look.Instance);
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, _settings.Interval);
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterLeave, "im-leave-registry", () => self.Ask<Done>(Leave.Instance, LeaveBound));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look: OnLook(); break;
            case Looked looked: OnLooked(looked); break;
            case Joined: OnJoined(); break;
            case Leave: OnLeave(); break;
            case Touched: break;
            default: Unhandled(message); break;
        }
    }

    private void OnLook()
    {
        if (_isLeaving) return;
        if (_isMember) _registry.TouchAsync(_self, CancellationToken.None).PipeTo(Self, success: _ => Touched.Instance, failure: _ => Touched.Instance);
        else _registry.ReadAsync(_settings.Fresh, CancellationToken.None).PipeTo(Self, success: members => new Looked(members), failure: _ => new Looked(null));
    }

    private void OnLooked(Looked looked)
    {
        if (_isMember || _isLeaving) return;
        var seeds = _settings.Seeds.Select(seed => ClusterAddress.Of(seed, _cluster)).ToList();
        var plan = JoinPlan.Of(_cluster.SelfAddress, seeds, looked.Members?.Select(AddressOf).OfType<Address>().ToList());
        if (plan.IsEmpty || plan.SequenceEqual(_plan)) return;
        _plan = plan;
        _cluster.JoinSeedNodes(plan);
    }

    private void OnJoined()
    {
        _isMember = true;
        OnLook();
    }

    private void OnLeave()
    {
        _isLeaving = true;
        _registry.RemoveAsync(_self, CancellationToken.None).PipeTo(Sender, Self, success: _ => Done.Instance, failure: _ => Done.Instance);
    }

    private Address? AddressOf(string text) => SeedNode.TryParse(text, out var node) ? ClusterAddress.Of(node, _cluster) : null;
}
