using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Nodes;
using Im.Actors.Relays;
using Im.Tests.Storage;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

/// <summary>What is read from the store besides the publishes; its ordinary round is far away.</summary>
public sealed class ChangedHeadsSpecs : ActorSpecs
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Parts.FirstMs + 10_000));
    private readonly MemoryStore _store = new();
    private readonly TestProbe _relay;
    private readonly IActorRef _heads;

    public ChangedHeadsSpecs()
    {
        _relay = CreateTestProbe();
        _heads = Sys.ActorOf(ChangedHeadsActor.Create(
            new ChangedHeadsContext(_store, new RelayRefs([_relay.Ref]), new UserIndex(), new HeadTable(), new DirectHeads(), _time, TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Should_bring_up_the_relays_at_once_when_the_cluster_changed()
    {
        _store.Append(Parts.First(Parts.Room(), 3));

        _heads.Tell(ClusterChanged.Instance);

        _relay.ExpectMsg<RelayCommands.Head>().ShouldBe(new RelayCommands.Head(Parts.Room(), Parts.Epoch, 3));
    }

    [Theory]
    [InlineData(500, false)]      // still on its usual way
    [InlineData(3_600_000, true)] // of a node whose clock is ahead
    public void Should_leave_to_its_publish_only_what_is_young(int aheadMs, bool isTold)
    {
        _store.Append(Parts.Part(Parts.Room(), 0, Parts.Append(Parts.Record(1, ts: Parts.FirstMs + 9_000 + aheadMs))) with { Creates = true });

        _heads.Tell(ClusterChanged.Instance);

        if (isTold) _relay.ExpectMsg<RelayCommands.Head>().Mseq.ShouldBe(1);
        else _relay.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
    }
}
