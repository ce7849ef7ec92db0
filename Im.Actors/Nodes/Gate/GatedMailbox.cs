using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Im.Actors.Nodes.Gate;

/// <summary>A <see cref="RingMailbox"/> that gives nothing while the node's gate is closed. What is in it stays, in its order.</summary>
/// <remarks>Needs the <see cref="GatedExecutor"/> under it: a run that gets nothing asks for another at once.</remarks>
internal sealed class GatedMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<RingMailbox.Queue>
{
    private NodeGate? _gate;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(_gate ??= NodeGate.Of(system));

    private sealed class Queue(NodeGate gate) : RingMailbox.Queue
    {
        public override bool HasMessages => base.HasMessages && !gate.HasEnded;

        public override bool TryDequeue(out Envelope envelope)
        {
            if (gate.IsOpen) return base.TryDequeue(out envelope);
            envelope = default;
            return false;
        }
    }
}
