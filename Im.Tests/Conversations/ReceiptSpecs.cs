using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

/// <summary>Delivered marks as the other one is told of them, by an owner that takes over.</summary>
public sealed class ReceiptSpecs : ActorSpecs
{
    private static readonly ConversationKey Pair = new(new AppId(101), new ConversationId("p:alice|bob"));

    private readonly MemoryStore _store = new();
    private readonly TestProbe _sessions;
    private readonly IActorRef _owner;

    public ReceiptSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _sessions = CreateTestProbe();
        _owner = StartUnder(CreateTestProbe(), ConversationActor.Create(Pair, new ConversationServices(CreateTestProbe(), _sessions, new OpenGate(), _store, ConversationSettings.Default, NodeViews.Alone(), TimeProvider.System)));
    }

    [Fact]
    public async Task Should_not_go_back_when_what_the_owner_before_told_is_stored_a_second_later()
    {
        await MoveAsync(delivered: 56);
        await PassAsync(TimeSpan.FromSeconds(1));
        _store.Move(new CursorMove(Pair.App, "bob", "device-0001", Pair.Conversation.Value, "e1", 60, null));
        await PassAsync(TimeSpan.FromSeconds(1));
        await MoveAsync(delivered: 61);
        await PassAsync(TimeSpan.FromSeconds(2));

        Encoding.UTF8.GetString(_sessions.ExpectMsg<SessionCommands.Push>().Frames.Level2!.Wire.Span).ShouldContain("\"delivered\":61");
    }

    private Task MoveAsync(long delivered)
    {
        _owner.Tell(new ConversationCommands.Mark(Pair, new UserId("bob"), delivered, 0));
        return SettleAsync();
    }

    private Task PassAsync(TimeSpan span)
    {
        ((TestScheduler)Sys.Scheduler).Advance(span);
        return SettleAsync();
    }

    /// <summary>What the owner was told before is handled.</summary>
    private async Task SettleAsync() => await _owner.Ask<ActorIdentity>(new Identify(null));

    private sealed class OpenGate : IFanoutGate
    {
        public bool IsOverloaded => false;
    }
}
