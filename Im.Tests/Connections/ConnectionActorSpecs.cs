using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class ConnectionActorSpecs : ConnectionSpecs
{
    /// <summary>Longer than a login of level 2 waits for owners.</summary>
    private static readonly TimeSpan LoginBound = TimeSpan.FromSeconds(9);

    [Fact]
    public void Should_detach_when_the_socket_goes_before_the_session_has_answered()
    {
        Send("1", "login", AliceLogin);
        var attach = Sessions.ExpectMsg<SessionCommands.Attach>();

        Slot.Deliver(ConnectionInput.SocketClosed.Instance);

        Sessions.ExpectMsg<SessionCommands.Detach>().ConnectionId.ShouldBe(attach.ConnectionId);
    }

    [Fact]
    public void Should_attach_again_when_the_session_is_replaced()
    {
        var attach = LogIn();

        Sessions.Send(Slot.Actor, new SessionEvents.AttachAgain(attach));

        var again = Sessions.ExpectMsg<SessionCommands.Attach>();
        again.ShouldBe(attach with { SinceMs = again.SinceMs });
        again.SinceMs.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false, CloseCode.ReplacedByLogin)]
    [InlineData(true, CloseCode.TooManySessions)]
    public void Should_close_when_the_session_s_new_owner_has_given_its_place_to_another(bool byPolicy, CloseCode code)
    {
        var attach = LogIn();

        Sessions.Send(Slot.Actor, new SessionEvents.AttachRefused(attach.ConnectionId, byPolicy));

        AwaitCondition(() => Slot.ClosedWith == (int)code || Slot.CloseCodeSent == (int)code);
    }

    [Fact]
    public void Should_ask_the_session_again_when_it_does_not_answer()
    {
        Send("1", "login", AliceLogin);
        var attach = Sessions.ExpectMsg<SessionCommands.Attach>();

        Pass(Overdue);

        Sessions.ExpectMsg<SessionCommands.Attach>().ShouldBe(attach);
    }

    [Fact]
    public async Task Should_answer_1017_when_the_owner_never_answers()
    {
        await JoinRoomAsync();
        Pass(Overdue);
        Send("m1", "msg", """{"conv":"r:tea","msg":"x","ephemeral":true}""");
        Conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("m1", 1017)));
    }

    [Fact]
    public async Task Should_send_again_what_is_not_answered_when_a_node_is_out_of_the_cluster_and_fail_nothing_before_its_time()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""");
        var first = Conversations.ExpectMsg<ConversationCommands.Post>();
        Send("m2", "msg", """{"conv":"r:tea","msg":"y","ephemeral":true}""");
        var fleeting = Conversations.ExpectMsg<ConversationCommands.Post>();

        Slot.Deliver(ConnectionCommands.Repeat.Instance);

        Conversations.ExpectMsg<ConversationCommands.Post>().ShouldSatisfyAllConditions(again => again.Tag.ShouldBe(first.Tag), again => again.Cid.ShouldBe("c1"));
        Conversations.Send(Slot.Actor, new ConversationEvents.Posted(fleeting.Tag, fleeting.MessageId, "e", 0, 1, false));
        await Until.TrueAsync(() => Answers().Contains(("m2", 200)));
    }

    [Fact]
    public async Task Should_send_again_soon_what_a_hand_off_may_have_lost()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""");
        var first = Conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(TimeSpan.FromSeconds(1));

        Conversations.ExpectMsg<ConversationCommands.Post>().ShouldSatisfyAllConditions(again => again.Tag.ShouldBe(first.Tag), again => again.Place!.IsRepeat.ShouldBeTrue());
    }

    [Fact]
    public async Task Should_refuse_a_login_for_a_while_when_no_session_answers_in_time()
    {
        Send("1", "login", AliceLogin);
        var attach = Sessions.ExpectMsg<SessionCommands.Attach>();
        Pass(Overdue);
        Answers().ShouldBeEmpty();

        Time.Advance(LoginBound);
        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("1", 1016)));
        Sessions.FishForMessage(message => message is SessionCommands.Detach);
        AwaitCondition(() => Slot.ClosedWith == (int)CloseCode.Overloaded || Slot.CloseCodeSent == (int)CloseCode.Overloaded);

        Sessions.Send(Slot.Actor, new SessionEvents.Attached(attach.ConnectionId));
        Sessions.ExpectMsg<SessionCommands.Detach>().ConnectionId.ShouldBe(attach.ConnectionId);
        Answers().ShouldBe([("1", 1016)]);
    }

    [Fact]
    public async Task Should_let_a_login_of_level_0_wait_since_its_client_does_not_come_again()
    {
        Send("1", "login", """{"userId":"alice","appId":101}""");
        var attach = Sessions.ExpectMsg<SessionCommands.Attach>();
        Time.Advance(LoginBound);
        Pass(Overdue);
        Answers().ShouldBeEmpty();

        Sessions.Send(Slot.Actor, new SessionEvents.Attached(attach.ConnectionId));

        Relay.FishForMessage(message => message is RelayCommands.Join);
        await Until.TrueAsync(() => Slot.Attachment is not null);
        Slot.ClosedWith.ShouldBe(0);
    }

    [Fact]
    public async Task Should_refuse_a_join_for_a_while_when_the_room_s_owner_does_not_answer_in_time()
    {
        LogIn();
        Send("2", "join", """{"conv":"r:tea"}""");
        Relay.ExpectMsg<RelayCommands.Join>();
        Send("3", "ping", "null");
        Pass(Overdue);
        Answers().ShouldNotContain(answer => answer.Seq == "2");

        Pass(Overdue + Overdue);

        await Until.TrueAsync(() => Answers().Contains(("2", 1016)) && Answers().Any(answer => answer.Seq == "3"), () => string.Join(' ', Answers()));
        Relay.FishForMessage(message => message is RelayCommands.Leave);
    }

    [Fact]
    public async Task Should_refuse_a_login_for_a_while_when_a_room_s_owner_does_not_answer_in_time()
    {
        LogIn(AliceLogin.Replace("}", ""","cursors":{"r:tea":["",0]}}""", StringComparison.Ordinal));
        Relay.ExpectMsg<RelayCommands.Join>();

        Time.Advance(LoginBound);
        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("1", 1016)));
        Slot.Deliver(ConnectionInput.SocketClosed.Instance);
        Relay.FishForMessage(message => message is RelayCommands.Leave);
    }

    [Fact]
    public async Task Should_leave_a_message_alone_when_only_those_before_it_are_overdue()
    {
        await JoinRoomAsync();
        Pass(Overdue);
        Send("m1", "msg", """{"conv":"r:tea","msg":"x","ephemeral":true}""");
        Conversations.ExpectMsg<ConversationCommands.Post>();
        Pass(TimeSpan.FromSeconds(3.4));
        Send("m2", "msg", """{"conv":"r:tea","msg":"y","ephemeral":true}""");
        var second = Conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(TimeSpan.FromSeconds(0.2));
        await Until.TrueAsync(() => Answers().Contains(("m1", 1017)));
        Conversations.Send(Slot.Actor, new ConversationEvents.Posted(second.Tag, second.MessageId, "e", 0, 1, false));

        await Until.TrueAsync(() => Answers().Contains(("m2", 200)));
        Answers().ShouldNotContain(("m2", 1017));
    }

    [Fact]
    public async Task Should_not_tell_the_relay_where_the_user_left_as_the_head_of_a_group()
    {
        var group = new ConversationKey(new AppId(101), new ConversationId("g:team"));
        Commit(group, 0, new MemberChange("eve", MemberRole.Owner, 1), new MemberChange("alice", MemberRole.Member, 1));
        Commit(group, 1, new MemberChange("alice", null, 2));
        Commit(group, 2);

        LogIn(AliceLogin.Replace("}", ""","cursors":{"g:team":["k1",1]}}""", StringComparison.Ordinal));

        await Until.TrueAsync(() => Answers().Contains(("1", 200)));
        Relay.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Should_take_nothing_behind_a_refused_message_until_it_comes_again()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"one"}""");
        Conversations.Send(Slot.Actor, new ConversationEvents.PostRefused(Conversations.ExpectMsg<ConversationCommands.Post>().Tag, Im.Protocol.ReplyCode.Overloaded));
        Send("m2", "msg", """{"conv":"r:tea","cid":"c2","msg":"two, sent before the refusal was read"}""");
        await Until.TrueAsync(() => Answers().Contains(("m2", 1016)));

        Send("m3", "msg", """{"conv":"r:tea","cid":"c1","msg":"one"}""");
        Send("m4", "msg", """{"conv":"r:tea","cid":"c2","msg":"two, sent before the refusal was read"}""");

        Conversations.ExpectMsg<ConversationCommands.Post>().Cid.ShouldBe("c1");
        Conversations.ExpectMsg<ConversationCommands.Post>().Cid.ShouldBe("c2");
    }

    [Fact]
    public async Task Should_take_no_message_behind_one_that_was_over_the_rate()
    {
        await JoinRoomAsync();
        Slot.Deliver(new ConnectionInput.OverRate(10, "m1", "msg"));
        Send("m2", "msg", """{"conv":"r:tea","cid":"c2","msg":"two"}""");

        await Until.TrueAsync(() => Answers().Contains(("m2", 1015)));
        Conversations.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    private void Commit(ConversationKey group, long head, params MemberChange[] changes) => Store.Append(new AppendPart(
        group, Store.Generation, head, head == 0, "team", [new AppendRecord(new StoredRecord(head + 1, $"m{head}", "eve", "eve", null, "event", "", null, head), null)], changes, head, TestActor));
}
