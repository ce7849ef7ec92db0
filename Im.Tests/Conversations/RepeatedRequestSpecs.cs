using Akka.Actor;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

/// <summary>
/// Requests that were answered for good without becoming a record, and come again: a copy that their source sent before it had the answer. Meanwhile the
/// group's members have changed, so that they would be decided otherwise now.
/// </summary>
public sealed class RepeatedRequestSpecs : ActorSpecs
{
    private static readonly ConversationKey Team = new(new AppId(101), new ConversationId("g:team"));
    private static readonly ConversationKey Tea = new(new AppId(101), new ConversationId("r:tea"));

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
    private readonly MemoryStore _store = new();
    private ConversationKey _conversation;
    private IActorRef _owner;

    public RepeatedRequestSpecs()
    {
        _owner = StartOwner(Team);
        Change("make", new GroupChange.Create("team", []), by: "eve").Mseq.ShouldBe(1);
    }

    [Fact]
    public void Should_refuse_a_repeated_message_again_when_its_sender_was_added_after_the_refusal()
    {
        Post("c1", place: Place(1)).ShouldBeRefused(ReplyCode.NotAMember);
        Change("add", new GroupChange.Add(["alice"])).Mseq.ShouldBe(2);

        Post("c1", place: Place(1, isRepeat: true)).ShouldBeRefused(ReplyCode.NotAMember, "conv");

        Post("c2", place: Place(2)).ShouldBePosted(3);
        _store.HeadOf(Team).ShouldBe(3);
    }

    [Fact]
    public void Should_refuse_a_message_again_when_its_copy_comes_by_another_connection()
    {
        Post("c1", place: Place(1)).ShouldBeRefused(ReplyCode.NotAMember);
        Change("add", new GroupChange.Add(["alice"]));

        Post("c1", place: Place(1) with { Connection = "n2-9" }).ShouldBeRefused(ReplyCode.NotAMember);

        Post("c2", place: Place(2) with { Connection = "n2-9" }).ShouldBePosted(3, "what is behind it in that connection's window is taken");
    }

    [Fact]
    public void Should_refuse_a_repeated_message_of_a_muted_member_again()
    {
        Change("add", new GroupChange.Update(["alice"], [], new Dictionary<string, MemberRole> { ["alice"] = MemberRole.Muted }));
        Post("c1", place: Place(1)).ShouldBeRefused(ReplyCode.Muted);
        Change("speak", new GroupChange.SetRole(["alice"], MemberRole.Member));

        Post("c1", place: Place(1, isRepeat: true)).ShouldBeRefused(ReplyCode.Muted);
    }

    [Fact]
    public void Should_decide_another_content_under_a_refused_cid_by_itself()
    {
        Post("c1").ShouldBeRefused(ReplyCode.NotAMember);
        Change("add", new GroupChange.Add(["alice"]));

        Post("c1", "another").ShouldBePosted(3);
    }

    [Fact]
    public void Should_decide_anew_when_the_refusal_is_older_than_a_copy_can_be()
    {
        Post("c1").ShouldBeRefused(ReplyCode.NotAMember);
        Change("add", new GroupChange.Add(["alice"]));
        _time.Advance(RecentDecisions.Retention);

        Post("c1").ShouldBePosted(3);
    }

    [Fact]
    public void Should_answer_a_repeated_removal_as_before_when_it_had_nothing_to_do_and_the_user_was_added_since()
    {
        var first = Change("remove", new GroupChange.Remove(["bob"]));
        Change("add", new GroupChange.Add(["bob"])).Mseq.ShouldBe(2);

        var again = Change("remove", new GroupChange.Remove(["bob"]));

        (first.Mseq, again.Mseq).ShouldBe((1, 1));
        again.Members.Select(member => member.User).ShouldContain("bob");
        _store.HeadOf(Team).ShouldBe(2);
    }

    [Fact]
    public void Should_refuse_a_repeated_leave_again_when_the_user_was_added_after_the_refusal()
    {
        Ask(Group("leave", new GroupChange.Leave(), "bob", isFromServer: false)).ShouldBeRefused(ReplyCode.NotAMember);
        Change("add", new GroupChange.Add(["bob"]));

        Ask(Group("leave", new GroupChange.Leave(), "bob", isFromServer: false)).ShouldBeRefused(ReplyCode.NotAMember);

        _store.HeadOf(Team).ShouldBe(2);
    }

    [Fact]
    public void Should_answer_with_the_record_when_a_new_owner_has_nothing_to_do_for_a_stored_change()
    {
        Change("add", new GroupChange.Add(["bob"]));
        Change("remove", new GroupChange.Remove(["bob"])).Mseq.ShouldBe(3);
        Change("later", new GroupChange.Add(["carol"])).Mseq.ShouldBe(4);

        _owner = StartOwner(Team);

        Change("remove", new GroupChange.Remove(["bob"])).Mseq.ShouldBe(3);
    }

    [Fact]
    public void Should_refuse_a_repeated_edit_again_when_its_number_has_come_to_be_since()
    {
        Change("add", new GroupChange.Add(["alice"]));
        Ask(Edit("e1", 3)).ShouldBeRefused(ReplyCode.NoData, "mseq");
        Post("c1").ShouldBePosted(3);

        Ask(Edit("e1", 3)).ShouldBeRefused(ReplyCode.NoData, "mseq");

        _store.HeadOf(Team).ShouldBe(3);
    }

    [Fact]
    public void Should_refuse_a_repeated_push_again_when_the_group_was_made_after_the_refusal()
    {
        _owner = StartOwner(Team with { Conversation = new ConversationId("g:later") });
        Post("c1", isFromServer: true).ShouldBeRefused(ReplyCode.NoSuchConversation);
        Change("make", new GroupChange.Create("later", []), by: "eve");

        Post("c1", isFromServer: true).ShouldBeRefused(ReplyCode.NoSuchConversation);
    }

    [Fact]
    public void Should_take_a_message_when_it_comes_again_from_inside_of_the_room()
    {
        _owner = StartOwner(Tea);
        Post("c1", place: Place(1), isOutside: true).ShouldBeRefused(ReplyCode.NotAMember);

        Post("c1", place: Place(2)).ShouldBePosted(1);
    }

    [Fact]
    public void Should_refuse_for_a_while_when_it_turns_out_that_another_owner_has_changed_what_it_decides_by()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.Lookups = first.Task;
        Tell(Message("p1", isFromServer: true, place: Place(1, isRepeat: true) with { Connection = "n1-2" }));
        Tell(Message("c1"));
        AwaitCondition(() => _store.LookupsCount == 1);
        _store.NextOutcome = AppendOutcome.Fenced;
        _store.Lookups = second.Task;
        first.SetResult();
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded, "the push, which was fenced");

        second.SetResult();

        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded, "by whom alice is a member may be known to the other");
    }

    private static SendPlace Place(long number, bool isRepeat = false) => new("n1-1", 1, number, 1, isRepeat);

    private IActorRef StartOwner(ConversationKey conversation)
    {
        _conversation = conversation;
        return StartUnder(CreateTestProbe(), ConversationActor.Create(
            conversation, new ConversationServices(CreateTestProbe().Ref, CreateTestProbe().Ref, new OpenGate(), _store, ConversationSettings.Default, NodeViews.Alone(), _time)));
    }

    private ConversationCommands.Post Message(string cid, string text = "hi", SendPlace? place = null, bool isFromServer = false, bool isOutside = false) =>
        new(_conversation, 7, "m-" + cid, "alice", "alice", "msg", null, "text", text, null, cid, true, null, null, TestActor, null)
        {
            Place = place,
            IsFromServer = isFromServer,
            IsOutside = isOutside,
        };

    private ConversationCommands.Group Group(string cid, GroupChange change, string by, bool isFromServer) =>
        new(_conversation, 8, "m-" + cid, by, new UserId(by), cid, change, null, isFromServer, TestActor);

    private ConversationCommands.Amend Edit(string cid, long mseq) => new(_conversation, 9, "m-" + cid, new UserId("alice"), cid, mseq, "edited", "n1-1", TestActor);

    private Answer Post(string cid, string text = "hi", SendPlace? place = null, bool isFromServer = false, bool isOutside = false) => Ask(Message(cid, text, place, isFromServer, isOutside));

    private ConversationEvents.GroupAnswered Change(string cid, GroupChange change, string by = "eve")
    {
        Tell(Group(cid, change, by, isFromServer: true));
        return ExpectMsg<ConversationEvents.GroupAnswered>();
    }

    private Answer Ask(object request)
    {
        Tell(request);
        return new Answer(ExpectMsg<object>());
    }

    private void Tell(object request) => _owner.Tell(request);

    private sealed record Answer(object Message)
    {
        public void ShouldBeRefused(ReplyCode code, string? field = null)
        {
            var refused = Message.ShouldBeOfType<ConversationEvents.PostRefused>();
            refused.Code.ShouldBe(code);
            if (field is not null) refused.Field.ShouldBe(field);
        }

        public void ShouldBePosted(long mseq, string? why = null) => Message.ShouldBeOfType<ConversationEvents.Posted>(why).Mseq.ShouldBe(mseq, why);
    }

    private sealed class OpenGate : IFanoutGate
    {
        public bool IsOverloaded => false;
    }
}
