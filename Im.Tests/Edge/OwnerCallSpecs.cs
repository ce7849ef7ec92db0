using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

/// <summary>Calls of the edges to an owner: repeated while that is harmless, ended with what is surely known.</summary>
public sealed class OwnerCallSpecs : ActorSpecs
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly ConversationKey Inbox = new(new AppId(101), new ConversationId("u:alice"));

    private readonly FakeTimeProvider _time = new();
    private readonly TestProbe _owner;
    private readonly OwnerCaller _caller;

    public OwnerCallSpecs()
    {
        _owner = CreateTestProbe();
        _caller = new OwnerCaller(Sys.ActorOf(OwnerCallsActor.Create(_time)), _time);
    }

    [Fact]
    public async Task Should_give_each_caller_its_own_answer_whatever_their_order()
    {
        var (first, second) = (Call(hasCid: true), Call(hasCid: true));
        var (one, two) = (_owner.ExpectMsg<ConversationCommands.Group>(), _owner.ExpectMsg<ConversationCommands.Group>());

        two.ReplyTo.Tell(Posted(two.Tag, "second"));
        one.ReplyTo.Tell(Posted(one.Tag, "first"));

        (await first).ShouldBe(Posted(one.Tag, "first"));
        (await second).ShouldBe(Posted(two.Tag, "second"));
    }

    [Fact]
    public async Task Should_ask_again_when_it_was_refused_for_now()
    {
        var call = Call(hasCid: false);
        Refuse(_owner.ExpectMsg<ConversationCommands.Group>(), ReplyCode.Overloaded);

        var again = Next();
        again.ReplyTo.Tell(Posted(again.Tag, "m"));

        (await call).ShouldBeOfType<ConversationEvents.Posted>();
    }

    [Fact]
    public async Task Should_end_at_once_when_it_was_refused_for_good()
    {
        var call = Call(hasCid: true);

        Refuse(_owner.ExpectMsg<ConversationCommands.Group>(), ReplyCode.Forbidden);

        (await call).ShouldBeOfType<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Forbidden);
    }

    [Fact]
    public async Task Should_ask_again_after_silence_when_it_has_a_cid()
    {
        var call = Call(hasCid: true);
        _owner.ExpectMsg<ConversationCommands.Group>();
        _time.Advance(TimeSpan.FromSeconds(3));

        var again = Next();
        again.ReplyTo.Tell(Posted(again.Tag, "m"));

        (await call).ShouldBeOfType<ConversationEvents.Posted>();
    }

    [Fact]
    public async Task Should_say_that_the_outcome_is_unknown_when_there_was_silence_and_no_cid()
    {
        var call = Call(hasCid: false);
        _owner.ExpectMsg<ConversationCommands.Group>();

        _time.Advance(TimeSpan.FromSeconds(3));
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(Timeout);

        (await call).ShouldBeOfType<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.OutcomeUnknown);
        _owner.ExpectNoMsg(0);
    }

    [Theory]
    [InlineData(ReplyCode.Overloaded, ReplyCode.Overloaded)]
    [InlineData(ReplyCode.OutcomeUnknown, ReplyCode.OutcomeUnknown)]
    public async Task Should_end_with_what_is_sure_when_it_is_refused_until_its_time_is_up(ReplyCode refusal, ReplyCode end)
    {
        var call = Call(hasCid: true);
        var asked = _owner.ExpectMsg<ConversationCommands.Group>();
        for (var i = 0; i < 100 && !call.IsCompleted; i++)
        {
            Refuse(asked, refusal);
            await Until.TrueAsync(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return call.IsCompleted || _owner.HasMessages;
            });
            if (_owner.HasMessages) asked = _owner.ExpectMsg<ConversationCommands.Group>();
        }

        (await call).ShouldBeOfType<ConversationEvents.PostRefused>().Code.ShouldBe(end);
    }

    [Fact]
    public async Task Should_not_ask_again_when_the_caller_has_gone()
    {
        using var gone = new CancellationTokenSource();
        var call = Call(hasCid: true, gone.Token);
        Refuse(_owner.ExpectMsg<ConversationCommands.Group>(), ReplyCode.Overloaded);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        _time.Advance(TimeSpan.FromSeconds(1));
        var other = Call(hasCid: true);

        Next().Tag.ShouldBe(2);
        other.IsCompleted.ShouldBeFalse();
    }

    private Task<object> Call(bool hasCid, CancellationToken cancellation = default)
    {
        var command = new ConversationCommands.Group(Inbox, 0, "01M", "api", new UserId("alice"), "c", new GroupChange.Get(), null, true, ActorRefs.Nobody);
        return _caller.AskAsync(_owner.Ref, (replyTo, tag) => command with { ReplyTo = replyTo, Tag = tag }, hasCid, Timeout, cancellation);
    }

    /// <summary>The next attempt, once its pause is over.</summary>
    private ConversationCommands.Group Next()
    {
        AwaitCondition(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return _owner.HasMessages;
        });
        return _owner.ExpectMsg<ConversationCommands.Group>();
    }

    private static void Refuse(ConversationCommands.Group asked, ReplyCode code) => asked.ReplyTo.Tell(new ConversationEvents.PostRefused(asked.Tag, code));

    private static ConversationEvents.Posted Posted(long tag, string messageId) => new(tag, messageId, "k1", 1, 0, false);
}
