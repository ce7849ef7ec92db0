using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

[Collection(ActorNodeTests.Name)]
public sealed class GroupCallSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    private IBroker Broker => _node.Broker;

    [Fact]
    public async Task Should_make_a_group_with_its_members_when_it_is_new()
    {
        var made = await Broker.ChangeGroupAsync(Pushes.Group("gc-new", new GroupChange.Create("Team", ["ann", "ben"])), default);

        (made.Code, made.Name, made.Mseq).ShouldBe((ReplyCode.Success, "Team", 1L));
        made.Members.Select(member => (member.User, member.Role)).ShouldBe([("owner", MemberRole.Owner), ("ann", MemberRole.Member), ("ben", MemberRole.Member)]);
    }

    [Fact]
    public async Task Should_answer_the_same_group_when_its_making_is_repeated_with_the_key_and_refuse_another()
    {
        var create = Pushes.Group("gc-dup", new GroupChange.Create("Team", ["ann"]), key: "k");
        await Broker.ChangeGroupAsync(create, default);

        var again = await Broker.ChangeGroupAsync(create, default);
        var other = await Broker.ChangeGroupAsync(create with { Change = new GroupChange.Create("Other", ["ann"]) }, default);
        var taken = await Broker.ChangeGroupAsync(create with { IdempotencyKey = null }, default);

        (again.Code, again.Mseq).ShouldBe((ReplyCode.Success, 1L));
        other.Code.ShouldBe(ReplyCode.IdempotencyConflict);
        taken.Code.ShouldBe(ReplyCode.OperationFailed);
    }

    [Fact]
    public async Task Should_change_members_and_roles_as_one_record_that_the_members_get()
    {
        await Broker.ChangeGroupAsync(Pushes.Group("gc-upd", new GroupChange.Create("Team", ["upd-ann", "upd-ben"])), default);
        var ann = await _node.Level2Async("upd-ann", "device-upd-ann");

        var changed = await Broker.ChangeGroupAsync(Update("gc-upd", ["upd-cat"], ["upd-ben"], new() { ["upd-cat"] = MemberRole.Admin, ["upd-ann"] = MemberRole.Owner }), default);
        var nothing = await Broker.ChangeGroupAsync(Update("gc-upd", ["upd-cat"], ["upd-ben"], new() { ["upd-cat"] = MemberRole.Admin }), default);

        changed.Mseq.ShouldBe(2);
        nothing.Mseq.ShouldBe(2);
        nothing.Members.Select(member => (member.User, member.Role)).ShouldBe([("owner", MemberRole.Admin), ("upd-ann", MemberRole.Owner), ("upd-cat", MemberRole.Admin)]);
        var push = await ann.NextPushAsync("event");
        push.Data.GetProperty("ext").GetRawText().ShouldBe(
            """{"op":"update","add":["upd-cat"],"remove":["upd-ben"],"roles":{"upd-cat":"admin","upd-ann":"owner","owner":"admin"}}""");
    }

    [Fact]
    public async Task Should_change_nothing_when_a_role_is_for_somebody_else()
    {
        await Broker.ChangeGroupAsync(Pushes.Group("gc-role", new GroupChange.Create("Team", ["ann"])), default);

        (await Broker.ChangeGroupAsync(Update("gc-role", ["ben"], [], new() { ["stranger"] = MemberRole.Admin }), default)).Code.ShouldBe(ReplyCode.NotAMember);

        (await Broker.ChangeGroupAsync(Pushes.Group("gc-role", new GroupChange.Get()), default)).Members.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Should_say_that_there_is_no_group_when_there_is_none()
    {
        (await Broker.ChangeGroupAsync(Pushes.Group("gc-none", new GroupChange.Get()), default)).Code.ShouldBe(ReplyCode.NoSuchConversation);
        (await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-none", "hello"), default)).Code.ShouldBe(ReplyCode.NoSuchConversation);
        (await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-none", "hello", numbered: false), default)).Code.ShouldBe(ReplyCode.NoSuchConversation);
    }

    [Fact]
    public async Task Should_push_to_the_members_and_count_them_when_the_conversation_is_a_group()
    {
        await Broker.ChangeGroupAsync(Pushes.Group("gc-push", new GroupChange.Create("Team", ["push-ann"])), default);
        var ann = await _node.Level2Async("push-ann", "device-push-ann");

        var stored = await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-push", "stored", key: "k"), default);
        var again = await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-push", "stored", key: "k"), default);
        var other = await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-push", "other", key: "k"), default);
        var ephemeral = await Broker.PushToConversationAsync(Pushes.ToRoom("g:gc-push", "ephemeral", numbered: false), default);

        (stored.Mseq, stored.Nodes.Single().Members, stored.Partial).ShouldBe((2L, 1, false));
        (again.Duplicate, again.MessageId, again.Mseq).ShouldBe((true, stored.MessageId, 2L));
        other.Code.ShouldBe(ReplyCode.IdempotencyConflict);
        (ephemeral.Code, ephemeral.Mseq).ShouldBe((ReplyCode.Success, 0L));
        (await ann.NextPushAsync("msg")).Message.ShouldBe("stored");
        (await ann.NextPushAsync("msg")).Message.ShouldBe("ephemeral");
    }

    [Fact]
    public async Task Should_number_revocations_when_tokens_are_taken_back()
    {
        var first = await Broker.RevokeTokensAsync(Pushes.App, new("revoked"), null, DateTimeOffset.UtcNow, null, default);
        var second = await Broker.RevokeTokensAsync(Pushes.App, new("revoked"), "token-1", DateTimeOffset.UtcNow, null, default);

        second.ShouldBeGreaterThan(first);
        var stored = await _node.Store.ReadRevocationsAsync(first - 1);
        stored!.Select(revocation => (revocation.User, revocation.TokenId)).ShouldBe([("revoked", null), (null, "token-1")]);
    }

    private static GroupCall Update(string group, string[] add, string[] remove, Dictionary<string, MemberRole> roles) =>
        Pushes.Group(group, new GroupChange.Update(add, remove, roles), by: "system");
}
