using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Links;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Links;

/// <summary>The sending end: what is packed, how much is under way, what happens when the peer takes no more.</summary>
public sealed class NodeLinkSpecs : ActorSpecs
{
    private const string Receiver = "akka://im/user/somebody";

    private static readonly Address Peer = Address.Parse("akka.tcp://im@10.0.0.2:4053");

    private readonly FakeTimeProvider _time = new();
    private readonly LinkTable _links = new();
    private readonly TestProbe _peer;
    private readonly TestProbe _plain;
    private readonly IActorRef _actor;
    private readonly NodeLink _link;

    public NodeLinkSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _peer = CreateTestProbe();
        _plain = CreateTestProbe();
        _actor = Sys.ActorOf(NodeLinkActor.Create(Peer, _peer.Ref, _links, _time));
        _peer.ExpectMsg<LinkMessages.Hello>(hello => _peer.Reply(new LinkMessages.Opened(hello.Link)));
        AwaitCondition(() => _links.Find(Peer) is not null);
        _link = _links.Find(Peer)!;
    }

    [Fact]
    public void Should_send_a_message_that_is_alone_at_once_with_its_receiver_and_its_sender()
    {
        var sender = CreateTestProbe();

        _link.Tell(new NodeLink.Outgoing(_plain.Ref, Receiver, LinkRegion.None, new SessionEvents.Attached("n1-1"), sender.Ref));

        var item = _peer.ExpectMsg<LinkMessages.Batch>().Items.Single();
        (item.Receiver, item.Region, item.Manifest).ShouldBe((Receiver, LinkRegion.None, "sy1"));
        item.Sender.ShouldContain(sender.Ref.Path.ToStringWithUid()["akka://".Length..]);
    }

    [Fact]
    public void Should_pack_what_waits_into_one_batch_and_wait_for_credit_when_the_peer_has_taken_nothing()
    {
        UseUpCredit();
        for (var i = 0; i < 100; i++) Tell(new SessionEvents.Attached($"n1-{i}"));

        Ack(NodeLinkActor.MaxInFlightCount);

        var batch = _peer.ExpectMsg<LinkMessages.Batch>();
        (batch.Number, batch.Items.Count).ShouldBe((NodeLinkActor.MaxInFlightCount + 1L, 100));
    }

    [Fact]
    public void Should_close_a_batch_before_64_KiB_and_keep_the_order()
    {
        UseUpCredit();
        for (var i = 0; i < 100; i++) Tell(new SessionEvents.Kicked([$"{i:000}", new string('x', 2_000)]));

        Ack(NodeLinkActor.MaxInFlightCount);

        var items = new List<LinkItem>();
        while (items.Count < 100)
        {
            var batch = _peer.ExpectMsg<LinkMessages.Batch>();
            batch.Items.Sum(item => item.Bytes).ShouldBeLessThanOrEqualTo(LinkMessages.Batch.MaxBytes);
            items.AddRange(batch.Items);
        }

        items.Select(item => System.Text.Encoding.UTF8.GetString(item.Body.Span[2..5])).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i:000}"));
    }

    [Fact]
    public void Should_answer_a_send_with_1016_and_hold_no_more_when_its_queue_is_full()
    {
        const int Sends = 200;
        var sender = CreateTestProbe();
        UseUpCredit();

        for (var i = 0; i < Sends; i++) Tell(Post(i, sender.Ref));

        // The queue, and the batch that is being filled behind it.
        var refused = sender.ReceiveN(Sends - NodeLinkActor.MaxQueuedCount - 1).Cast<ConversationEvents.PostRefused>().ToArray();
        refused.ShouldAllBe(answer => answer.Code == ReplyCode.Overloaded);
        refused.Select(answer => answer.Tag).ShouldBe(Enumerable.Range(NodeLinkActor.MaxQueuedCount + 1, refused.Length).Select(tag => (long)tag));
        _link.Waiting.ShouldBe(NodeLinkActor.MaxQueuedCount + 1);
    }

    [Fact]
    public void Should_refuse_at_once_when_too_many_wait_in_its_mailbox()
    {
        var sender = CreateTestProbe();
        var blocked = new NodeLink(ActorRefs.Nobody);
        for (var i = 0; i < NodeLink.MaxWaitingCount; i++) blocked.Tell(new NodeLink.Outgoing(_plain.Ref, "", LinkRegion.Sessions, new SessionEvents.Attached("n1-1"), null));

        blocked.Tell(new NodeLink.Outgoing(_plain.Ref, "", LinkRegion.Conversations, Post(7, sender.Ref), null));

        sender.ExpectMsg<ConversationEvents.PostRefused>().Tag.ShouldBe(7);
        blocked.Waiting.ShouldBe(NodeLink.MaxWaitingCount);
    }

    [Fact]
    public void Should_ask_for_the_ack_when_none_came_for_long_and_go_on_when_it_comes()
    {
        UseUpCredit();
        Tell(new SessionEvents.Attached("n1-last"));
        _time.Advance(TimeSpan.FromSeconds(3));
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(3));

        var asked = _peer.ExpectMsg<LinkMessages.Batch>();
        (asked.Number, asked.Items.Count).ShouldBe((NodeLinkActor.MaxInFlightCount, 0));
        Ack(asked.Number);

        _peer.FishForMessage<LinkMessages.Batch>(batch => batch.Items.Count > 0).Number.ShouldBe(NodeLinkActor.MaxInFlightCount + 1L);
    }

    [Fact]
    public void Should_send_a_large_message_without_the_link()
    {
        var large = new SessionEvents.Kicked([new string('x', NodeLinkActor.MaxItemBytes)]);

        Tell(large);

        _plain.ExpectMsg(large);
        AwaitCondition(() => _link.Waiting == 0);
    }

    [Fact]
    public void Should_be_closed_and_ask_again_when_the_peers_end_is_gone()
    {
        UseUpCredit();
        Tell(new SessionEvents.Attached("n1-lost"));
        var another = CreateTestProbe();

        Sys.Stop(_peer.Ref);
        AwaitCondition(() => _links.Find(Peer) is null && _link.Waiting == 0);
        Tell(new SessionEvents.Attached("n1-plain"));

        _plain.ExpectMsg(new SessionEvents.Attached("n1-plain"));
        another.ExpectNoMsg(0);
    }

    [Fact]
    public void Should_close_no_link_but_its_own_when_it_stops()
    {
        var later = new NodeLink(ActorRefs.Nobody);
        _links.Open(Peer, later);

        Watch(_actor);
        Sys.Stop(_actor);

        ExpectTerminated(_actor);
        _links.Find(Peer).ShouldBe(later);
    }

    private static ConversationCommands.Post Post(long tag, IActorRef replyTo) => new(
        new ConversationKey(new AppId(101), ConversationId.Lobby), tag, "01M", "a", "a", "msg", null, "text", new string('x', 40_000), null, "c", true, null, null, replyTo, null);

    /// <summary>One message a batch, none of which the peer acknowledges.</summary>
    private void UseUpCredit()
    {
        for (var i = 0; i < NodeLinkActor.MaxInFlightCount; i++)
        {
            Tell(new SessionEvents.Attached("n1-0"));
            _peer.ExpectMsg<LinkMessages.Batch>().Number.ShouldBe(i + 1);
        }
    }

    private void Tell(IClusterMessage message) => _link.Tell(new NodeLink.Outgoing(_plain.Ref, Receiver, LinkRegion.None, message, null));

    private void Ack(long number) => _actor.Tell(new LinkMessages.Ack(number), _peer.Ref);
}
