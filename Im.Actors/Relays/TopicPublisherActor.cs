using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Im.Actors.Conversations;

namespace Im.Actors.Relays;

/// <summary>
/// Publishes for all owners of the node. What is in its mailbox at once leaves as one batch per partition, at most
/// <see cref="TopicBatch.MaxBytes"/>: batching comes from backlog, an idle node publishes at once.
/// </summary>
internal sealed class TopicPublisherActor : UntypedActor
{
    public static Props Create(IActorRef mediator) => Props.Create(() => new TopicPublisherActor(mediator)).WithDispatcher("im.lane-dispatcher");

    private sealed record Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    private readonly IActorRef _mediator;
    private readonly Batch?[] _batches = new Batch?[Topics.Count];
    private readonly Queue<int> _dirty = new();

    private sealed class Batch
    {
        public readonly List<ConversationEnvelope> Envelopes = [];
        public int Bytes;
    }

    public TopicPublisherActor(IActorRef mediator) => _mediator = mediator;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConversationEnvelope envelope: OnEnvelope(envelope); break;
            case Flush: OnFlush(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnEnvelope(ConversationEnvelope envelope)
    {
        var partition = Topics.Partition(envelope.Conversation);
        var batch = _batches[partition];
        if (batch is not null && batch.Bytes + envelope.Frames.Bytes > TopicBatch.MaxBytes)
        {
            Publish(partition, batch);
            batch = null;
        }

        if (batch is null)
        {
            batch = _batches[partition] = new Batch();
            if (_dirty.Count == 0) Self.Tell(Flush.Instance);
            _dirty.Enqueue(partition);
        }

        batch.Envelopes.Add(envelope);
        batch.Bytes += envelope.Frames.Bytes;
    }

    private void OnFlush()
    {
        while (_dirty.TryDequeue(out var partition))
        {
            if (_batches[partition] is not { } batch) continue;
            _batches[partition] = null;
            Publish(partition, batch);
        }
    }

    private void Publish(int partition, Batch batch) => _mediator.Tell(new Publish(Topics.Name(partition), new TopicBatch(batch.Envelopes)));
}
