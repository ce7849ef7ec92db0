using Im.Actors.Relays;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

public sealed class TopicsSpecs
{
    /// <summary>Nodes of one cluster must agree for ever, so a change of these values is a break.</summary>
    [Theory]
    [InlineData(101, "r:lobby", 36)]
    [InlineData(102, "r:lobby", 17)]
    [InlineData(101, "r:tea", 10)]
    [InlineData(101, "r:茶", 54)]
    [InlineData(101, "*:app", 15)]
    [InlineData(uint.MaxValue, "g:42", 1)]
    public void Should_give_the_same_partition_in_every_version_when_a_conversation_is_hashed(uint app, string conversation, int partition)
    {
        var key = new ConversationKey(new AppId(app), new ConversationId(conversation));

        Topics.Partition(key).ShouldBe(partition);
        Topics.For(key).ShouldBe($"im.conversations.{partition:00}");
    }

    [Fact]
    public void Should_spread_rooms_over_all_topics_when_there_are_many()
    {
        var used = Enumerable.Range(0, 1_000).Select(i => Topics.Partition(new ConversationKey(new AppId(101), new ConversationId($"r:room-{i}")))).Distinct();

        used.Count().ShouldBe(Topics.Count);
    }
}
