using BenchmarkDotNet.Attributes;
using Im.Actors.Conversations;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Benchmarks;

/// <summary>To which shard a message goes.</summary>
public class RoutingBenchmarks
{
    private readonly ConversationMessageExtractor _conversations = new();
    private readonly SessionMessageExtractor _sessions = new();
    private readonly SessionCommands.Detach _detach = new(new UserKey(new AppId(101), new UserId("alice")), "n1-2a");
    private readonly ConversationCommands.Routed _routed = new(new ConversationKey(new AppId(101), new ConversationId("p:alice|bob")), new UserId("bob"), 42);

    [Benchmark]
    public string Conversation() => _conversations.ShardId(_conversations.EntityId(_routed)!, _routed);

    [Benchmark]
    public string Session() => _sessions.ShardId(_sessions.EntityId(_detach)!, _detach);

    [Benchmark]
    public bool ParseName() => ConversationId.TryParse("p:alice|bob", out _);
}
