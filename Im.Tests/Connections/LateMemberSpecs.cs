using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

/// <summary>A member that logs in while its node's relay is behind the log.</summary>
[Collection(ActorNodeTests.Name)]
public sealed class LateMemberSpecs(ActorNodeFixture fixture)
{
    private static readonly ConversationKey Group = new(new AppId(101), new ConversationId("g:behind"));

    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_get_nothing_from_before_its_stay_when_the_relay_catches_up()
    {
        var eve = await _node.Level2Async("behind-eve", "device-behind-eve");
        (await eve.AskAsync("g", "group", """{"op":"create","conv":"g:behind","name":"n"}""")).Code.ShouldBe(200);
        Append(2, "before the stay");
        Append(3, "let in", new MemberChange("behind-bob", MemberRole.Member, 3));

        var bob = _node.Connect();
        var login = (await bob.LoginLevel2Async("behind-bob", "device-behind-bob")).Data.GetProperty("convs").EnumerateArray().Single();
        (await eve.NextPushAsync("msg")).Message.ShouldBe("before the stay");
        (await eve.NextPushAsync("msg")).Message.ShouldBe("let in");
        Append(4, "to both");
        await bob.AskAsync("s", "sync", $$$"""{"cursors":{"g:behind":["{{{_node.Store.Generation}}}",3]}}""");

        (login.GetProperty("first").GetInt64(), login.GetProperty("head").GetInt64()).ShouldBe((3, 3));
        (await bob.NextPushAsync("msg")).Message.ShouldBe("to both");
        (await eve.NextPushAsync("msg")).Message.ShouldBe("to both");
    }

    /// <summary>As another owner would whose publish was lost.</summary>
    private void Append(long mseq, string text, params MemberChange[] members) => _node.Store.Append(new AppendPart(
        Group, _node.Store.Generation, mseq - 1, false, null,
        [new AppendRecord(new StoredRecord(mseq, $"m{mseq}", "behind-eve", "behind-eve", null, "text", text, null, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), null)],
        members, mseq, ActorRefs.Nobody));
}
