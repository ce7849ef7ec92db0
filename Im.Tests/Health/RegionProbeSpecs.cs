using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Health;

/// <summary>A region by name, and its coordinator as far as it answers.</summary>
public sealed class RegionProbeSpecs : ActorSpecs, INodeParts
{
    private static readonly ImmutableHashSet<Address> OneRegion = [Address.Parse("akka.tcp://im@a:1")];

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly IActorRef _coordinator;
    private readonly IActorRef _region;

    public RegionProbeSpecs()
    {
        _coordinator = Sys.ActorOf(Props.Create(() => new Coordinator()), "sessionCoordinator");
        _region = Sys.ActorOf(Props.Create(() => new Region(_coordinator)), "session");
        Sys.ActorOf(RegionProbeActor.Create(new Dictionary<string, IActorRef> { ["session"] = _region }, OneRegion.Single(), this, _time));
    }

    [Fact]
    public async Task Should_not_be_ready_when_the_region_itself_answers_for_want_of_a_coordinator()
    {
        await Until.TrueAsync(async () => await _region.Ask<int>("asked") > 2);

        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_be_ready_once_the_coordinator_answers_and_not_when_it_has_been_silent_for_long()
    {
        _region.Tell(true);
        await ToldAsync("ready regions");

        _region.Tell(false);
        await Until.TrueAsync(async () => await _region.Ask<int>("asked") > 1);
        _time.Advance(RegionProbeActor.Silence + TimeSpan.FromSeconds(1));
        await ToldAsync("no coordinator of session");
        _region.Tell(true);

        await Until.TrueAsync(() => _told.Count(told => told == "ready regions") == 2);
    }

    [Fact]
    public async Task Should_say_that_it_is_lost_when_a_region_has_stopped()
    {
        _region.Tell(true);
        await ToldAsync("ready regions");

        Sys.Stop(_region);

        await ToldAsync("lost: The shard region of session has ended");
    }

    void INodeParts.Ready(string part) => _told.Enqueue("ready " + part);

    void INodeParts.NotReady(string part, string why) => _told.Enqueue(why);

    void INodeParts.Lost(string part, string why) => _told.Enqueue("lost: " + why);

    private Task ToldAsync(string what) => Until.TrueAsync(() => _told.Contains(what), () => string.Join(", ", _told));

    private sealed class Region(IActorRef coordinator) : UntypedActor
    {
        private bool _knowsCoordinator;
        private int _asked;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case bool knows:
                    _knowsCoordinator = knows;
                    _asked = 0;
                    break;
                case GetCurrentRegions when _knowsCoordinator:
                    coordinator.Forward(message);
                    break;
                case GetCurrentRegions:
                    _asked++;
                    Sender.Tell(new CurrentRegions([]));
                    break;
                case "asked":
                    Sender.Tell(_asked);
                    break;
            }
        }
    }

    private sealed class Coordinator : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(new CurrentRegions(OneRegion));
    }
}
