using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Relays;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

public sealed class RelayActorSpecs : ActorSpecs
{
    private readonly TestProbe _conversations;
    private readonly TestProbe _connection;
    private readonly RelayHarness _relay;

    public RelayActorSpecs()
        : base(RelayHarness.Scheduler)
    {
        _conversations = CreateTestProbe();
        _connection = CreateTestProbe();
        _relay = new RelayHarness(Sys, _conversations, CreateTestProbe(), _connection);
    }

    [Fact]
    public async Task Should_let_in_at_its_place_in_the_order_when_several_enter()
    {
        var (alice, bob, carol) = (_relay.Connect("alice"), _relay.Connect("bob"), _relay.Connect("carol"));
        foreach (var guest in new[] { alice, bob, carol }) _relay.Join(guest);

        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _relay.Publish(EnvelopeKind.Entered, "bob", 2, 2);
        _relay.Publish(EnvelopeKind.Entered, "carol", 3, 3);

        await alice.ReadsAsync("welcome", "enter bob", "enter carol");
        await bob.ReadsAsync("welcome", "enter carol");
        await carol.ReadsAsync("welcome");
    }

    [Fact]
    public async Task Should_know_its_members_and_end_one_connection_alone_when_a_command_of_it_fails()
    {
        var (alice, bob) = (_relay.Connect("alice"), _relay.Connect("bob"));
        _relay.Join(alice);
        _relay.Join(bob);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _relay.Publish(EnvelopeKind.Entered, "bob", 2, 2);
        await bob.ReadsAsync("welcome");

        _relay.Relay.Tell(new RelayCommands.Join(RelayHarness.Room, bob.Slot, new Failing()));
        _relay.Publish(EnvelopeKind.Exited, "dave", 3, 3);

        await alice.ReadsAsync("welcome", "enter bob", "exit dave");
        await Until.TrueAsync(() => bob.Slot.ClosedWith == 1011);
    }

    private sealed class Failing : JoinReply
    {
        public override Frame? Encode(int members) => throw new InvalidOperationException("a defect");
    }

    [Fact]
    public async Task Should_hand_an_envelope_out_once_when_it_comes_twice()
    {
        var (alice, bob) = (_relay.Connect("alice"), _relay.Connect("bob"));
        _relay.Join(alice);
        _relay.Join(bob);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);

        _relay.Publish(EnvelopeKind.Entered, "bob", 2, 2);
        _relay.Publish(EnvelopeKind.Entered, "bob", 2, 2);
        _relay.Publish(EnvelopeKind.Exited, "dave", 3, 3);

        await alice.ReadsAsync("welcome", "enter bob", "exit dave");
    }

    [Fact]
    public async Task Should_let_in_when_the_owner_says_that_it_had_been_ordered()
    {
        var alice = _relay.Connect("alice");
        _relay.Join(alice);

        _relay.Publish(EnvelopeKind.Applied, "", 1, 1);

        await alice.ReadsAsync("welcome");
        _connection.ExpectMsg<RelayEvents.Joined>().Members.ShouldBe(1);
    }

    [Fact]
    public void Should_repeat_what_waits_when_nothing_moves()
    {
        _relay.Join(_relay.Connect("alice"));
        _conversations.ExpectMsg<ConversationCommands.Enter>().Op.ShouldBe(1);

        _relay.Pass(TimeSpan.FromSeconds(1.1));

        _conversations.ExpectMsg<ConversationCommands.Enter>().Op.ShouldBe(1);
    }

    [Fact]
    public void Should_report_who_is_ordered_and_repeat_the_rest_when_a_new_owner_starts()
    {
        var (alice, bob) = (_relay.Connect("alice"), _relay.Connect("bob"));
        _relay.Join(alice);
        _relay.Join(bob);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _relay.Publish(EnvelopeKind.Entered, "bob", 2, 2, members: 2);
        _connection.ReceiveN(2);
        _relay.Leave(alice);
        _relay.Join(_relay.Connect("carol"));
        _conversations.ReceiveN(4);

        _relay.Publish(EnvelopeKind.OwnerStarted, "", 0, 0, incarnation: "e2");

        var report = _conversations.ExpectMsg<ConversationCommands.Report>();
        (report.Users, report.Op).ShouldBe((2, 2L));
        _conversations.ExpectMsg<ConversationCommands.Exit>().Op.ShouldBe(3);
        var enter = _conversations.ExpectMsg<ConversationCommands.Enter>();
        (enter.Op, enter.Previous).ShouldBe((4L, 3L));
    }

    [Fact]
    public void Should_repeat_turn_by_turn_without_waiting_when_more_wait_than_one_turn_takes()
    {
        for (var i = 1; i <= 150; i++) _relay.Join(_relay.Connect($"guest-{i}"));
        _conversations.ReceiveN(150);
        _relay.Publish(EnvelopeKind.OwnerStarted, "", 0, 0, incarnation: "e2");

        for (var op = 1; op <= 150; op++)
        {
            _conversations.ExpectMsg<ConversationCommands.Enter>().Op.ShouldBe(op);
            _relay.Publish(EnvelopeKind.Entered, $"guest-{op}", op, op, incarnation: "e2");
        }
    }

    [Fact]
    public async Task Should_announce_an_exit_only_when_the_last_connection_of_the_user_left()
    {
        var (first, second) = (_relay.Connect("alice"), _relay.Connect("alice"));
        _relay.Join(first);
        _relay.Join(second);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _relay.Publish(EnvelopeKind.Entered, "alice", 2, 2);
        await first.ReadsAsync("welcome");
        await second.ReadsAsync("welcome");
        _conversations.ReceiveN(2);

        _relay.Leave(first);
        _conversations.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        _relay.Leave(second);

        _conversations.ExpectMsg<ConversationCommands.Exit>().User.Value.ShouldBe("alice");
        first.Read().ShouldBe(["welcome"]);
    }

    [Fact]
    public void Should_take_an_enter_back_when_the_connection_went_while_it_waited()
    {
        var alice = _relay.Connect("alice");
        _relay.Join(alice);
        _conversations.ExpectMsg<ConversationCommands.Enter>();

        _relay.Leave(alice);
        _conversations.ExpectMsg<ConversationCommands.Exit>().Previous.ShouldBe(1);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _relay.Publish(EnvelopeKind.Exited, "alice", 2, 2);

        _relay.Relay.Tell(new RelayCommands.GetNames(RelayHarness.Room), TestActor);
        ExpectMsg<RelayEvents.Names>().Users.ShouldBeEmpty();
        alice.Read().ShouldBeEmpty();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _relay.Dispose();
    }
}
