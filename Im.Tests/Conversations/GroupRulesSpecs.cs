using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class GroupRulesSpecs
{
    private static readonly OrderedDictionary<string, MemberRole> Members = new()
    {
        ["olga"] = MemberRole.Owner,
        ["ann"] = MemberRole.Admin,
        ["bob"] = MemberRole.Member,
        ["mia"] = MemberRole.Muted,
    };

    [Theory]
    [InlineData("eve", ReplyCode.NotAMember)]
    [InlineData("bob", ReplyCode.Forbidden)]
    [InlineData("mia", ReplyCode.Forbidden)]
    [InlineData("ann", ReplyCode.Success)]
    [InlineData("olga", ReplyCode.Success)]
    public void Should_let_only_owner_and_admins_add(string user, ReplyCode code) =>
        Decide(user, new GroupChange.Add(["carl"])).Code.ShouldBe(code);

    [Theory]
    [InlineData("ann", "bob", ReplyCode.Success)]
    [InlineData("ann", "olga", ReplyCode.Forbidden)]
    [InlineData("olga", "ann", ReplyCode.Success)]
    public void Should_let_only_the_owner_remove_admins(string user, string target, ReplyCode code) =>
        Decide(user, new GroupChange.Remove([target])).Code.ShouldBe(code);

    [Theory]
    [InlineData("ann", MemberRole.Muted, ReplyCode.Success)]
    [InlineData("ann", MemberRole.Admin, ReplyCode.Forbidden)]
    [InlineData("olga", MemberRole.Admin, ReplyCode.Success)]
    public void Should_let_only_the_owner_make_admins(string user, MemberRole role, ReplyCode code) =>
        Decide(user, new GroupChange.SetRole(["bob"], role)).Code.ShouldBe(code);

    [Fact]
    public void Should_make_the_first_admin_owner_when_the_owner_leaves()
    {
        var decision = Decide("olga", new GroupChange.Leave());

        decision.Changes["olga"].ShouldBeNull();
        decision.Changes["ann"].ShouldBe(MemberRole.Owner);
    }

    [Fact]
    public void Should_leave_one_owner_when_another_is_made()
    {
        var decision = Decide("olga", new GroupChange.SetRole(["bob"], MemberRole.Owner));

        (decision.Changes["bob"], decision.Changes["olga"]).ShouldBe((MemberRole.Owner, MemberRole.Admin));
    }

    [Fact]
    public void Should_be_no_record_when_nothing_changes()
    {
        Decide("olga", new GroupChange.Add(["bob"])).Ext.ShouldBeNull();
        Decide("olga", new GroupChange.Remove(["nobody"])).Ext.ShouldBeNull();
        Decide("olga", new GroupChange.SetRole(["mia"], MemberRole.Muted)).Ext.ShouldBeNull();
    }

    [Fact]
    public void Should_refuse_with_1014_when_a_group_would_be_too_large() =>
        Decide("olga", new GroupChange.Add([.. Enumerable.Range(0, 497).Select(i => $"u{i}")])).Code.ShouldBe(ReplyCode.TooLarge);

    [Fact]
    public void Should_allow_a_server_what_no_member_may() =>
        GroupRules.Decide(Members, "shop", true, new GroupChange.Remove(["olga"])).Changes["ann"].ShouldBe(MemberRole.Owner);

    private static GroupDecision Decide(string user, GroupChange change) => GroupRules.Decide(Members, user, false, change);
}
