using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Im.Actors.Nodes.Gate;

namespace Im.Actors.Connections.Streams;

/// <summary>Owns a lane's graph: materialises it, and again when it failed. Sockets keep their slots meanwhile.</summary>
internal sealed class IngressLaneActor : UntypedActor
{
    /// <summary>Not on the default dispatcher: materialising waits for an actor of the streams that starts there, and lanes that wait on all its threads would wait for ever.</summary>
    public static Props Create(IngressLane lane) => Props.Create(() => new IngressLaneActor(lane)).WithDispatcher("im.lane-dispatcher");

    private sealed record Ended(Exception? Cause) : INoSerializationVerificationNeeded;

    private readonly IngressLane _lane;
    private readonly GateQueue<Inbound> _decoded;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public IngressLaneActor(IngressLane lane)
    {
        _lane = lane;
        _decoded = new GateQueue<Inbound>(NodeGate.Of(Context.System), inbound => InboundFlow.Tell(inbound, lane));
    }

    protected override void PreStart() => Materialize();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ended ended: OnEnded(ended); break;
            default: Unhandled(message); break;
        }
    }

    private void OnEnded(Ended ended)
    {
        _log.Warning("An ingress lane ended and is started again: {Cause}", ended.Cause?.Message ?? "completed");
        Materialize();
    }

    private void Materialize() =>
        InboundFlow.Create(_lane, _decoded).Run(Context.System.Materializer()).PipeTo(Self, success: _ => new Ended(null), failure: cause => new Ended(cause));
}
