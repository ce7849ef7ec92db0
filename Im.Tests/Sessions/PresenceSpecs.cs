using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Actors.Sessions.Presence;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

/// <summary>One SessionActor and who watches it; the test moves both clocks.</summary>
public sealed class PresenceSpecs : ActorSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));
    private readonly MemoryStore _store = new();
    private readonly TestProbe _shard;
    private readonly TestProbe _connection;
    private readonly TestProbe _timer;
    private readonly IActorRef _session;

    public PresenceSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        (_shard, _connection, _timer) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _session = StartUnder(_shard, SessionActor.Create(new SessionServices(DevicePolicies.Default, _store, NodeViews.Alone(_time), _time)));
    }

    [Fact]
    public void Should_say_offline_when_nobody_is_there()
    {
        Watch("w1");

        Expect(isOnline: false);
    }

    [Fact]
    public void Should_name_every_platform_once_when_the_user_is_there()
    {
        Attach("c1", "device-1", "web");
        Attach("c2", "device-2", "ios");
        Attach("c3", "device-3", "web");
        Attach("c4", null, null);

        Watch("w1");

        Expect(isOnline: true, "ios", "web");
    }

    [Fact]
    public void Should_tell_every_watcher_at_once_when_the_user_comes()
    {
        var other = CreateTestProbe();
        Watch("w1");
        Expect(isOnline: false);
        _session.Tell(new SessionCommands.Watch(Alice, "w2", other.Ref));
        other.ExpectMsg<SessionEvents.Presence>();

        Attach("c1", "device-1", "web");

        Expect(isOnline: true, "web");
        other.ExpectMsg<SessionEvents.Presence>().IsOnline.ShouldBeTrue();
    }

    [Fact]
    public void Should_tell_two_seconds_late_and_when_it_was_when_the_user_goes()
    {
        Attach("c1", "device-1", "web");
        Watch("w1");
        Expect(isOnline: true, "web");
        Detach("c1");

        Pass(TimeSpan.FromSeconds(1.9));
        ExpectNoMsg(Short);
        Pass(TimeSpan.FromSeconds(0.2));

        Expect(isOnline: false).LastSeenMs.ShouldBe(1_000_000);
        _session.Tell(new SessionCommands.Watch(Alice, "w2", TestActor), TestActor);
        Expect(isOnline: false).LastSeenMs.ShouldBe(1_000_000);
    }

    [Fact]
    public void Should_say_nothing_when_the_user_comes_back_within_two_seconds()
    {
        Attach("c1", "device-1", "web");
        Watch("w1");
        Expect(isOnline: true, "web");
        Detach("c1");
        Pass(TimeSpan.FromSeconds(1));

        Attach("c2", "device-1", "web");

        Pass(TimeSpan.FromSeconds(5));
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Should_store_when_the_user_was_last_seen_with_the_last_connection_alone()
    {
        Attach("c1", "device-1", "web");
        Attach("c2", "device-2", "ios");
        Detach("c1");
        Ask().ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(7));

        Detach("c2");

        AwaitAssert(() => Ask().ShouldBe(1_007_000));
    }

    [Fact]
    public void Should_not_passivate_while_somebody_watches()
    {
        Watch("w1");
        Expect(isOnline: false);
        Attach("c1", "device-1", "web");
        Detach("c1");
        _shard.ExpectNoMsg(Short);

        _session.Tell(new SessionCommands.Unwatch(Alice, "w1"));

        _shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Should_tell_nobody_who_has_gone()
    {
        Watch("w1");
        Expect(isOnline: false);
        _session.Tell(new SessionCommands.Unwatch(Alice, "w1"));

        Attach("c1", "device-1", "web");

        ExpectNoMsg(Short);
    }

    [Fact]
    public void Should_forget_watchers_that_do_not_renew_and_passivate_then()
    {
        Watch("w1");
        Expect(isOnline: false);

        for (var i = 0; i < 3; i++) Pass(TimeSpan.FromSeconds(61));

        _shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Should_keep_watchers_that_renew()
    {
        for (var i = 0; i < 6; i++)
        {
            Watch("w1");
            Expect(isOnline: false);
            Pass(TimeSpan.FromSeconds(61));
        }

        _shard.ExpectNoMsg(Short);
    }

    [Fact]
    public void Should_have_its_watchers_ask_again_when_it_is_replaced()
    {
        Watch("w1");
        Expect(isOnline: false);

        _session.Tell(SessionActor.Stop.Instance);

        ExpectMsg<SessionEvents.WatchAgain>().User.ShouldBe(Alice);
    }

    [Fact]
    public void Should_answer_but_not_hold_a_watcher_beyond_the_bound()
    {
        var board = new PresenceBoard(Alice, ActorRefs.Nobody, Sys.Scheduler, _time, NodeViews.Nobody());
        for (var i = 0; i < PresenceBoard.MaxWatchersCount; i++) board.Watch(new SessionCommands.Watch(Alice, $"w{i}", ActorRefs.Nobody), SessionState.Empty, isSure: true);

        board.Watch(new SessionCommands.Watch(Alice, "one more", TestActor), SessionState.Empty, isSure: true);
        Expect(isOnline: false);
        board.Attached(SessionState.Empty.Apply(new SessionCommands.Attach(Alice, "c1", ActorRefs.Nobody, "device-1", "web", 0), []));

        ExpectNoMsg(Short);
        board.Close(moves: false);
    }

    [Fact]
    public void Should_tell_once_more_what_it_told_when_there_are_other_nodes()
    {
        var board = InCluster();
        board.Watch(new SessionCommands.Watch(Alice, "w1", TestActor), SessionState.Empty, isSure: true);
        Expect(isOnline: false);
        Repeat(board);
        Expect(isOnline: false);

        board.Attached(Online);
        Expect(isOnline: true, "web");
        Repeat(board);
        Expect(isOnline: true, "web");

        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(2));
        ExpectNoMsg(Short);
        board.Close(moves: false);
    }

    [Fact]
    public void Should_tell_once_more_what_is_so_by_then_when_it_changed_meanwhile()
    {
        var board = InCluster();
        board.Watch(new SessionCommands.Watch(Alice, "w1", TestActor), SessionState.Empty, isSure: true);
        Expect(isOnline: false);
        ((TestScheduler)Sys.Scheduler).Advance(PresenceBoard.RepeatDelay / 2);

        board.Attached(Online);

        Expect(isOnline: true, "web");
        Repeat(board);
        Expect(isOnline: true, "web");
        ExpectNoMsg(Short);
        board.Close(moves: false);
    }

    [Fact]
    public void Should_not_tell_again_who_only_renews_or_watches_no_longer()
    {
        var (renewing, leaving) = (CreateTestProbe(), CreateTestProbe());
        var board = InCluster();
        board.Watch(new SessionCommands.Watch(Alice, "w1", renewing.Ref), Online, isSure: true);
        Repeat(board);
        renewing.ExpectMsg<SessionEvents.Presence>();
        renewing.ExpectMsg<SessionEvents.Presence>();
        board.Watch(new SessionCommands.Watch(Alice, "w1", renewing.Ref), Online, isSure: true);
        board.Watch(new SessionCommands.Watch(Alice, "w2", leaving.Ref), Online, isSure: true);
        board.Unwatch("w2");

        Repeat(board);

        renewing.ExpectMsg<SessionEvents.Presence>();
        leaving.ExpectMsg<SessionEvents.Presence>();
        renewing.ExpectNoMsg(Short);
        leaving.ExpectNoMsg(Short);
        board.Close(moves: false);
    }

    private static SessionState Online => SessionState.Empty.Apply(new SessionCommands.Attach(Alice, "c1", ActorRefs.Nobody, "device-1", "web", 0), []);

    /// <summary>Its timer comes to a probe, as it would to its session.</summary>
    private PresenceBoard InCluster() => new(Alice, _timer.Ref, Sys.Scheduler, _time, NodeViews.With(ActorRefs.Nobody, _time, RemoteRef.NodeB).Peers);

    private void Repeat(PresenceBoard board)
    {
        ((TestScheduler)Sys.Scheduler).Advance(PresenceBoard.RepeatDelay);
        _timer.ExpectMsg<PresenceBoard.RepeatIsDue>();
        board.OnRepeatIsDue();
    }

    private void Watch(string id) => _session.Tell(new SessionCommands.Watch(Alice, id, TestActor), TestActor);

    private void Attach(string id, string? device, string? platform)
    {
        _session.Tell(new SessionCommands.Attach(Alice, id, _connection.Ref, device, platform, 0), _connection.Ref);
        _connection.ExpectMsg<SessionEvents.Attached>();
    }

    private void Detach(string id) => _session.Tell(new SessionCommands.Detach(Alice, id));

    private SessionEvents.Presence Expect(bool isOnline, params string[] platforms)
    {
        var presence = ExpectMsg<SessionEvents.Presence>();
        presence.IsOnline.ShouldBe(isOnline);
        presence.Platforms.ShouldBe(platforms);
        return presence;
    }

    /// <summary>What was told before is handled first: the session answers in the order in which it is told.</summary>
    private void Pass(TimeSpan span)
    {
        var settled = CreateTestProbe();
        _session.Tell(new SessionCommands.Kick(Alice, ["none"], ""), settled.Ref);
        settled.ExpectMsg<SessionEvents.Kicked>();
        _time.Advance(span);
        ((TestScheduler)Sys.Scheduler).Advance(span);
    }

    private long? Ask() => _store.LastSeen(Alice.App, Alice.User.Value);
}
