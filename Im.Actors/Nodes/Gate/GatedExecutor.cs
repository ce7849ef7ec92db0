using Akka.Configuration;
using Akka.Dispatch;

namespace Im.Actors.Nodes.Gate;

/// <summary>Makes the executor of a dispatcher whose actors do nothing while the node's gate is closed.</summary>
internal sealed class GatedExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new GatedExecutor(id, NodeGate.Of(Prerequisites.Settings.System));
}

/// <summary>
/// The .NET thread pool, behind the gate. It only spares runs that would get nothing: what an actor may do the <see cref="GatedMailbox"/>
/// decides, since a run may stand still in its midst.
/// </summary>
internal sealed class GatedExecutor : ExecutorService
{
    private readonly GateQueue<IRunnable> _runs;

    public GatedExecutor(string id, NodeGate gate)
        : base(id) => _runs = new GateQueue<IRunnable>(gate, static run => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: true));

    public override void Execute(IRunnable run) => _runs.Pass(run);

    public override void Shutdown()
    {
    }
}
