using Akka.Actor;
using Im.Actors.Links;
using Im.Actors.Messages;
using Im.Actors.Serialization;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Links;

public sealed class LinkReceiverSpecs : ActorSpecs
{
    private readonly Akka.TestKit.TestProbe _sessions;
    private readonly Akka.TestKit.TestProbe _conversations;
    private readonly IActorRef _receiver;
    private readonly ClusterMessageSerializer _serializer;

    public LinkReceiverSpecs()
    {
        _sessions = CreateTestProbe();
        _conversations = CreateTestProbe();
        _receiver = Sys.ActorOf(LinkReceiverActor.Create(_sessions.Ref, _conversations.Ref));
        _serializer = new ClusterMessageSerializer((ExtendedActorSystem)Sys);
    }

    [Fact]
    public void Should_hand_on_each_message_in_order_to_actors_and_entities_and_then_give_the_credit_back()
    {
        var actor = CreateTestProbe();
        var user = new UserKey(new AppId(101), new UserId("alice"));

        _receiver.Tell(
            new LinkMessages.Batch(
                5,
                [
                    Item(actor.Ref, LinkRegion.None, new SessionEvents.Attached("n1-1")),
                    Item(null, LinkRegion.Sessions, new SessionCommands.Detach(user, "n1-2"), actor.Ref),
                    Item(null, LinkRegion.Conversations, new SessionEvents.WatchAgain(user)),
                    Item(actor.Ref, LinkRegion.None, new SessionEvents.Attached("n1-3")),
                ]),
            TestActor);

        actor.ExpectMsg(new SessionEvents.Attached("n1-1"));
        actor.ExpectMsg(new SessionEvents.Attached("n1-3"));
        _sessions.ExpectMsg(new SessionCommands.Detach(user, "n1-2"));
        _sessions.LastSender.ShouldBe(actor.Ref);
        _conversations.ExpectMsg(new SessionEvents.WatchAgain(user));
        ExpectMsg(new LinkMessages.Ack(5));
    }

    [Fact]
    public void Should_hand_on_the_others_when_one_cannot_be_read()
    {
        var actor = CreateTestProbe();
        var good = Item(actor.Ref, LinkRegion.None, new SessionEvents.Attached("n1-1"));

        _receiver.Tell(
            new LinkMessages.Batch(
                6, [good with { Manifest = "zz9" }, good with { Body = new byte[] { 0xFF } }, good with { Receiver = "no path" }, good with { Sender = "akka://im/user/a#[" }, good]),
            TestActor);

        actor.ExpectMsg(new SessionEvents.Attached("n1-1"));
        ExpectMsg(new LinkMessages.Ack(6));
        actor.ExpectNoMsg(0);
    }

    [Fact]
    public void Should_answer_who_asks_for_it()
    {
        _receiver.Tell(new LinkMessages.Hello(77), TestActor);

        ExpectMsg(new LinkMessages.Opened(77));
        LastSender.ShouldBe(_receiver);
    }

    private LinkItem Item(IActorRef? receiver, LinkRegion region, IClusterMessage message, IActorRef? sender = null) => new(
        receiver is null ? "" : References.Write(receiver), region, sender is null ? "" : References.Write(sender), _serializer.Manifest(message), _serializer.ToBinary(message));
}
