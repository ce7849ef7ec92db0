using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

/// <summary>An owner that has nothing to do stays while a copy may come of what it refused.</summary>
public sealed class OwnerLingerSpecs : ActorSpecs
{
    private static readonly ConversationSettings Settings = ConversationSettings.Default with { Linger = TimeSpan.FromSeconds(2), LogLinger = TimeSpan.FromSeconds(5) };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
    private readonly TestProbe _shard;
    private readonly ConversationKey _group = new(new AppId(101), new ConversationId("g:team"));
    private readonly IActorRef _owner;

    public OwnerLingerSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _shard = CreateTestProbe();
        _owner = StartUnder(_shard, ConversationActor.Create(
            _group, new ConversationServices(CreateTestProbe().Ref, CreateTestProbe().Ref, new OpenGate(), new MemoryStore(), Settings, NodeViews.Alone(), _time)));
    }

    [Fact]
    public async Task Should_stay_as_long_as_a_copy_of_what_it_refused_may_come()
    {
        _owner.Tell(new ConversationCommands.Group(_group, 1, "m1", "eve", new UserId("eve"), "make", new GroupChange.Create("team", []), null, false, TestActor));
        ExpectMsg<ConversationEvents.GroupAnswered>();
        await PassAsync(TimeSpan.FromSeconds(4));
        Refuse(ReplyCode.NotAMember);

        for (var passed = TimeSpan.Zero; passed < RecentDecisions.Retention - TimeSpan.FromSeconds(4); passed += TimeSpan.FromSeconds(2)) await PassAsync(TimeSpan.FromSeconds(2));
        _shard.ExpectNoMsg(TimeSpan.Zero);
        for (var passed = 0; passed < 4; passed++) await PassAsync(TimeSpan.FromSeconds(2));

        _shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public async Task Should_go_soon_when_what_it_refused_was_for_no_conversation_at_all()
    {
        Refuse(ReplyCode.NoSuchConversation);

        for (var passed = 0; passed < 2; passed++) await PassAsync(TimeSpan.FromSeconds(2));

        _shard.ExpectMsg<Passivate>();
    }

    private void Refuse(ReplyCode code)
    {
        _owner.Tell(new ConversationCommands.Post(_group, 2, "m2", "alice", "alice", "msg", null, "text", "hi", null, "c1", true, null, null, TestActor, null));
        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(code);
    }

    private async Task PassAsync(TimeSpan span)
    {
        _time.Advance(span);
        ((TestScheduler)Sys.Scheduler).Advance(span);
        await _owner.Ask<ActorIdentity>(new Identify(null));
    }

    private sealed class OpenGate : IFanoutGate
    {
        public bool IsOverloaded => false;
    }
}
