using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Im.Actors.Serialization;

namespace Im.Actors.Links;

/// <summary>The receiving end of the link from one node: hands on what a batch holds, in its order, then gives the credit back.</summary>
internal sealed class LinkReceiverActor : UntypedActor
{
    public static Props Create(IActorRef sessions, IActorRef conversations) =>
        Props.Create(() => new LinkReceiverActor(sessions, conversations)).WithDispatcher("im.lane-dispatcher");

    private readonly IActorRef _sessions;
    private readonly IActorRef _conversations;
    private readonly ClusterMessageSerializer _serializer;
    private readonly References _references;

    public LinkReceiverActor(IActorRef sessions, IActorRef conversations)
    {
        _sessions = sessions;
        _conversations = conversations;
        var system = (ExtendedActorSystem)Context.System;
        _serializer = new ClusterMessageSerializer(system);
        _references = new References(system);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LinkMessages.Batch batch: OnBatch(batch); break;
            case LinkMessages.Hello hello: Sender.Tell(new LinkMessages.Opened(hello.Link)); break;
            default: Unhandled(message); break;
        }
    }

    private void OnBatch(LinkMessages.Batch batch)
    {
        foreach (var item in batch.Items) HandOn(item);
        Sender.Tell(new LinkMessages.Ack(batch.Number));
    }

    /// <summary>One that cannot be read stops no other.</summary>
    private void HandOn(LinkItem item)
    {
        try
        {
            var receiver = item.Region switch
            {
                LinkRegion.Sessions => _sessions,
                LinkRegion.Conversations => _conversations,
                _ => _references.Read(item.Receiver),
            };
            receiver.Tell(_serializer.Read(item.Body.Span, item.Manifest), item.Sender.Length == 0 ? ActorRefs.NoSender : _references.Read(item.Sender));
        }
        catch (SerializationException refused)
        {
            Context.GetLogger().Warning(refused, "A message {Manifest} from {Node} was not read", item.Manifest, Sender.Path.Address);
        }
    }
}
