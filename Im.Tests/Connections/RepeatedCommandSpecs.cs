using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

/// <summary>Commands that a connection sends again, and answers that come when it waits for others.</summary>
public sealed class RepeatedCommandSpecs : ConnectionSpecs
{
    [Theory]
    [InlineData("msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""")]
    [InlineData("edit", """{"conv":"r:tea","cid":"c1","mseq":1,"msg":"x"}""")]
    public async Task Should_send_again_as_from_inside_of_the_room_when_it_was_left_meanwhile(string command, string data)
    {
        await JoinRoomAsync();
        Send("m1", command, data);
        Conversations.ExpectMsg<IWithConversationKey>();
        Send("l1", "leave", """{"conv":"r:tea"}""");
        Relay.FishForMessage(message => message is RelayCommands.Leave);

        Pass(TimeSpan.FromSeconds(1));

        IsOutside(Conversations.ExpectMsg<IWithConversationKey>()).ShouldBeFalse();
    }

    [Fact]
    public async Task Should_send_again_as_from_outside_of_the_room_when_it_was_joined_meanwhile()
    {
        LogIn();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""");
        IsOutside(Conversations.ExpectMsg<IWithConversationKey>()).ShouldBeTrue();
        Send("2", "join", """{"conv":"r:tea"}""");
        Relay.ExpectMsg<RelayCommands.Join>();

        Pass(TimeSpan.FromSeconds(1));

        IsOutside(Conversations.ExpectMsg<IWithConversationKey>()).ShouldBeTrue();
        await Until.TrueAsync(() => Answers().Any(answer => answer.Seq == "1"));
    }

    [Fact]
    public async Task Should_not_take_the_late_answer_to_a_repeat_for_that_of_the_next_group_command()
    {
        LogIn();
        Send("g1", "group", """{"op":"add","conv":"g:team","users":["bob"],"cid":"c1"}""");
        var first = Conversations.ExpectMsg<ConversationCommands.Group>();
        Pass(Overdue);
        Conversations.ExpectMsg<ConversationCommands.Group>().Tag.ShouldBe(first.Tag);
        Conversations.Send(Slot.Actor, new ConversationEvents.GroupAnswered(first.Tag, "team", [], 830));
        await Until.TrueAsync(() => Answers().Contains(("g1", 200)));

        Send("g2", "group", """{"op":"remove","conv":"g:team","users":["bob"],"cid":"c2"}""");
        var second = Conversations.FishForMessage<ConversationCommands.Group>(group => group.Cid == "c2");
        Conversations.Send(Slot.Actor, new ConversationEvents.GroupAnswered(first.Tag, "team", [], 830));
        Conversations.Send(Slot.Actor, new ConversationEvents.PostRefused(first.Tag, ReplyCode.NotAMember));
        Conversations.Send(Slot.Actor, new ConversationEvents.GroupAnswered(second.Tag, "team", [], 835));

        await Until.TrueAsync(() => Answers().Any(answer => answer.Seq == "g2"));
        Texts().Single(text => text.Contains("\"seq\":\"g2\"", StringComparison.Ordinal)).ShouldContain("\"mseq\":835");
    }

    [Fact]
    public async Task Should_not_take_the_late_answer_of_a_join_that_was_given_up_for_that_of_the_next()
    {
        LogIn();
        Send("2", "join", """{"conv":"r:tea"}""");
        var join = Relay.ExpectMsg<RelayCommands.Join>();
        Pass(Overdue + Overdue + Overdue);
        await Until.TrueAsync(() => Answers().Contains(("2", 1016)));
        Send("3", "join", """{"conv":"r:coffee"}""");
        Relay.FishForMessage(message => message is RelayCommands.Join other && other.Conversation != join.Conversation);

        Relay.Send(Slot.Actor, new RelayEvents.Joined(join.Conversation, 1));

        Relay.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Answers().ShouldNotContain(answer => answer.Seq == "3");
    }

    private static bool IsOutside(IWithConversationKey sent) => sent is ConversationCommands.Post post ? post.IsOutside : ((ConversationCommands.Amend)sent).IsOutside;
}
