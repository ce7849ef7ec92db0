using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

/// <summary>The durable half of an owner over a store whose commits the test decides.</summary>
public sealed class ConversationLogSpecs : ActorSpecs
{
    private static readonly ConversationKey Room = new(new AppId(101), new ConversationId("r:tea"));

    private readonly MemoryStore _store = new();
    private readonly TestProbe _publisher;
    private readonly TestProbe _shard;
    private readonly IActorRef _owner;

    public ConversationLogSpecs()
    {
        _publisher = CreateTestProbe();
        _shard = CreateTestProbe();
        _owner = StartOwner();
    }

    [Fact]
    public void Should_neither_answer_nor_publish_before_the_commit()
    {
        _store.HoldsAppends = true;
        Post("c1", tag: 1);
        AwaitCondition(() => _store.Held.Count == 1);

        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Records().ShouldBeEmpty();
        _store.Release();

        ExpectMsg<ConversationEvents.Posted>().Mseq.ShouldBe(1);
        NextRecord().Mseq.ShouldBe(1);
    }

    [Fact]
    public void Should_append_what_waited_as_one_part_when_a_commit_takes_long()
    {
        _store.HoldsAppends = true;
        for (var i = 1; i <= 10; i++) Post($"c{i}", tag: i);
        AwaitCondition(() => _store.Held.Count == 1);
        _store.Release();

        ReceiveN(10).Cast<ConversationEvents.Posted>().Select(posted => (posted.Tag, posted.Mseq)).ShouldBe(Enumerable.Range(1, 10).Select(i => ((long)i, (long)i)));
        _store.AppendsCount.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Should_answer_with_the_first_answer_when_a_cid_is_repeated_while_in_flight_and_after_a_new_owner()
    {
        _store.HoldsAppends = true;
        Post("c1", tag: 1);
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c1", tag: 2);
        _store.Release();
        var first = ExpectMsg<ConversationEvents.Posted>();
        var second = ExpectMsg<ConversationEvents.Posted>();

        var successor = StartOwner();
        Post("c1", tag: 3, to: successor);
        var third = ExpectMsg<ConversationEvents.Posted>();

        (second.Mseq, second.MessageId, second.Duplicate).ShouldBe((first.Mseq, first.MessageId, true));
        (third.Mseq, third.MessageId, third.Duplicate).ShouldBe((first.Mseq, first.MessageId, true));
    }

    [Fact]
    public void Should_refuse_with_1018_and_store_nothing_when_a_cid_comes_with_another_payload()
    {
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.Posted>();
        Post("c1", tag: 2, text: "other");
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.IdempotencyConflict);

        var successor = StartOwner();
        Post("c1", tag: 3, text: "other", to: successor);
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.IdempotencyConflict);
        Post("c2", tag: 4, to: successor);

        ExpectMsg<ConversationEvents.Posted>().Mseq.ShouldBe(2);
    }

    [Fact]
    public void Should_give_the_stored_one_its_answer_when_another_content_under_its_cid_came_first_to_a_new_owner()
    {
        Post("c1", tag: 1);
        var first = ExpectMsg<ConversationEvents.Posted>();

        var successor = StartOwner();
        Post("c1", tag: 2, text: "other", to: successor);
        Post("c1", tag: 3, to: successor);

        var answers = ReceiveN(2);
        answers.OfType<ConversationEvents.PostRefused>().ShouldHaveSingleItem().Tag.ShouldBe(2);
        var again = answers.OfType<ConversationEvents.Posted>().ShouldHaveSingleItem();
        (again.Tag, again.Mseq, again.Duplicate).ShouldBe((3L, first.Mseq, true));
    }

    [Fact]
    public void Should_store_one_of_two_contents_under_a_new_cid()
    {
        _store.HoldsAppends = true;
        Post("c0", tag: 1);
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c1", tag: 2, text: "one");
        Post("c1", tag: 3, text: "other");
        _store.Release();

        var answers = ReceiveN(3);
        answers.OfType<ConversationEvents.Posted>().Select(posted => (posted.Tag, posted.Mseq)).ShouldBe([(1L, 1L), (2L, 2L)]);
        answers.OfType<ConversationEvents.PostRefused>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(refused => refused.Tag.ShouldBe(3), refused => refused.Code.ShouldBe(ReplyCode.IdempotencyConflict));
    }

    [Fact]
    public void Should_keep_the_place_of_a_repeat_when_its_cid_has_to_be_looked_up_first()
    {
        Post("c1", tag: 1, place: Place(1, 1, repeat: true));
        Post("c2", tag: 2, place: Place(1, 2));
        Post("c3", tag: 3, place: Place(1, 3));

        ReceiveN(3).Cast<ConversationEvents.Posted>().Select(posted => (posted.Tag, posted.Mseq)).ShouldBe([(1L, 1L), (2L, 2L), (3L, 3L)]);
    }

    [Fact]
    public void Should_keep_the_order_when_one_of_a_part_was_stored_before_and_one_behind_it_is_looked_up()
    {
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.Posted>();
        var successor = StartOwner();
        _store.HoldsAppends = true;
        Post("c0", tag: 2, place: Place(1, 1), to: successor);
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c1", tag: 3, place: Place(1, 2), to: successor);
        Post("c2", tag: 4, place: Place(1, 3), to: successor);
        Post("c3", tag: 5, place: Place(1, 4, repeat: true), to: successor);
        _store.Release();

        ReceiveN(4).Cast<ConversationEvents.Posted>().Select(posted => (posted.Tag, posted.Mseq)).Order().ShouldBe([(2L, 2L), (3L, 1L), (4L, 3L), (5L, 4L)]);
    }

    [Fact]
    public void Should_take_what_comes_behind_a_cid_that_came_twice_while_the_first_is_in_flight()
    {
        _store.HoldsAppends = true;
        Post("c1", tag: 1, place: Place(1, 1));
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c1", tag: 2, place: Place(1, 2));
        Post("c2", tag: 3, place: Place(1, 3));
        _store.Release();

        ReceiveN(3).Cast<ConversationEvents.Posted>().Select(posted => (posted.Tag, posted.Mseq)).ShouldBe([(1L, 1L), (2L, 1L), (3L, 2L)]);
    }

    [Fact]
    public void Should_take_nothing_behind_a_cid_that_came_by_two_connections_when_it_is_refused_for_a_while()
    {
        _store.HoldsAppends = true;
        Post("c1", tag: 1, place: Place(1, 1));
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c1", tag: 2, place: Place(1, 1) with { Connection = "n1-2" });
        _store.NextOutcome = AppendOutcome.Unavailable;
        _store.Release();
        ReceiveN(2).Cast<ConversationEvents.PostRefused>().ShouldAllBe(refused => refused.Code == ReplyCode.Overloaded);

        Post("c2", tag: 3, place: Place(1, 2) with { Connection = "n1-2" });
        Post("c1", tag: 4, place: Place(2, 1) with { Connection = "n1-2" });

        var posted = ExpectMsg<ConversationEvents.Posted>();
        (posted.Tag, posted.Mseq).ShouldBe((4L, 1L));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Should_refuse_all_behind_it_in_its_window_when_one_is_refused_for_a_while()
    {
        _store.HoldsAppends = true;
        Post("c1", tag: 1, place: Place(1, 1));
        AwaitCondition(() => _store.Held.Count == 1);
        Post("c2", tag: 2, place: Place(1, 2));
        _store.NextOutcome = AppendOutcome.Unavailable;
        _store.Release();

        ReceiveN(2).Cast<ConversationEvents.PostRefused>().ShouldAllBe(refused => refused.Code == ReplyCode.Overloaded);
        Post("c3", tag: 3, place: Place(1, 3));
        Post("c1", tag: 4, place: Place(2, 1));

        var posted = ExpectMsg<ConversationEvents.Posted>();
        (posted.Tag, posted.Mseq).ShouldBe((4L, 1L));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Should_say_1017_and_find_it_committed_when_the_outcome_was_unknown()
    {
        _store.NextOutcome = AppendOutcome.Unknown;
        _store.StoresUnknown = true;
        Post("c1", tag: 1);

        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.OutcomeUnknown);
        NextRecord().Mseq.ShouldBe(1);
        Post("c1", tag: 2);
        var again = ExpectMsg<ConversationEvents.Posted>();
        (again.Mseq, again.Duplicate).ShouldBe((1L, true));
    }

    [Fact]
    public void Should_number_on_from_the_locked_row_when_an_unknown_outcome_was_not_committed()
    {
        _store.NextOutcome = AppendOutcome.Unknown;
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.OutcomeUnknown);

        AwaitAssert(() =>
        {
            Post("c1", tag: 2);
            ExpectMsg<object>(message => message is ConversationEvents.Posted or ConversationEvents.PostRefused).ShouldBeOfType<ConversationEvents.Posted>().Mseq.ShouldBe(1);
        });
    }

    [Fact]
    public void Should_stop_and_refuse_with_1016_when_another_owner_has_moved_the_head()
    {
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.Posted>();
        _store.MoveHead(Room, new StoredRecord(2, "m", "eve", "eve", "x", "text", "from the other", null, 0));

        Post("c2", tag: 2);

        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded);
        _shard.FishForMessage(message => message is Akka.Cluster.Sharding.Passivate);
        Post("c3", tag: 3);
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded);
        Records().Count.ShouldBe(1);
    }

    [Fact]
    public void Should_be_fenced_when_retention_has_removed_all_records_that_the_stale_owner_knew()
    {
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.Posted>();
        _store.MoveHead(Room, new StoredRecord(2, "m", "eve", "eve", "x", "text", "from the other", null, 0));
        _store.RemoveBelow(Room, 3);

        Post("c2", tag: 2);

        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded);
    }

    [Fact]
    public void Should_refuse_at_once_and_serve_again_when_the_store_goes_and_comes_back()
    {
        Post("c1", tag: 1);
        ExpectMsg<ConversationEvents.Posted>();
        _store.IsAvailable = false;
        Post("c2", tag: 2);
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded);

        _store.IsAvailable = true;
        Post("c2", tag: 3);

        ExpectMsg<ConversationEvents.Posted>().Mseq.ShouldBe(2);
    }

    [Fact]
    public void Should_let_users_enter_when_the_store_cannot_be_read()
    {
        _store.IsAvailable = false;
        var owner = StartOwner();

        owner.Tell(new ConversationCommands.Enter(Room, new UserId("alice"), TestActor, 1, 0, true));

        _publisher.FishForMessage<ConversationEnvelope>(envelope => envelope.Kind == EnvelopeKind.Entered).Mseq.ShouldBe(-1);
    }

    [Fact]
    public void Should_answer_and_publish_what_is_being_committed_before_it_stops()
    {
        _store.HoldsAppends = true;
        var owner = StartOwner();
        Watch(owner);
        Post("c1", tag: 1, to: owner);
        AwaitCondition(() => _store.Held.Count == 1);

        owner.Tell(ConversationActor.Stop.Instance);
        _store.Release();

        ExpectMsg<ConversationEvents.Posted>().Mseq.ShouldBe(1);
        ExpectTerminated(owner);
        NextRecord().Mseq.ShouldBe(1);
    }

    [Fact]
    public void Should_stop_all_the_same_when_the_store_does_not_answer()
    {
        _store.HoldsAppends = true;
        var owner = StartOwner();
        Watch(owner);
        Post("c1", tag: 1, to: owner);

        owner.Tell(ConversationActor.Stop.Instance);

        ExpectTerminated(owner, TimeSpan.FromSeconds(30));
    }

    private IActorRef StartOwner() => StartUnder(_shard, ConversationActor.Create(
        Room, new ConversationServices(_publisher.Ref, CreateTestProbe().Ref, new OpenGate(), _store, ConversationSettings.Default, NodeViews.Alone(), TimeProvider.System)));

    private void Post(string cid, long tag, string text = "hi", SendPlace? place = null, IActorRef? to = null) => (to ?? _owner).Tell(new ConversationCommands.Post(
        Room, tag, $"m-{cid}-{tag}", "alice", "alice", "msg", null, "text", text, null, cid, true, null, null, TestActor, null) { Place = place });

    private static SendPlace Place(long window, long number, bool repeat = false) => new("n1-1", window, number, 1, repeat);

    private ConversationEnvelope NextRecord() => _publisher.FishForMessage<ConversationEnvelope>(envelope => envelope.Kind == EnvelopeKind.Record);

    /// <summary>Those that have come so far: all before a mark that is told now.</summary>
    private List<ConversationEnvelope> Records()
    {
        var mark = new object();
        _publisher.Ref.Tell(mark);
        var records = new List<ConversationEnvelope>();
        for (var message = _publisher.ExpectMsg<object>(); message != mark; message = _publisher.ExpectMsg<object>())
        {
            if (message is ConversationEnvelope { Kind: EnvelopeKind.Record } record) records.Add(record);
        }

        return records;
    }

    private sealed class OpenGate : IFanoutGate
    {
        public bool IsOverloaded => false;
    }
}
