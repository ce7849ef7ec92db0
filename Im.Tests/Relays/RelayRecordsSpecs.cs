using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Relays;
using Im.Tests.Support;
using Xunit;

namespace Im.Tests.Relays;

/// <summary>What pub-sub loses is found by mseq and read from the store.</summary>
public sealed class RelayRecordsSpecs : ActorSpecs
{
    private readonly RelayHarness _relay;

    public RelayRecordsSpecs()
        : base(RelayHarness.Scheduler) => _relay = new RelayHarness(Sys, CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Should_read_what_is_missing_and_hand_it_out_first_when_a_record_comes_too_early()
    {
        var bob = Join("bob");
        Store(1, 2, 3);
        Record(1);

        Record(3);

        await bob.ReadsAsync("welcome", "msg 1", "msg 2", "msg 3");
    }

    [Fact]
    public async Task Should_hand_out_once_when_a_record_comes_twice_or_late()
    {
        var bob = Join("bob");
        Store(1, 2, 3);
        Record(1);
        Record(3);
        await bob.ReadsAsync("welcome", "msg 1", "msg 2", "msg 3");

        Record(2);
        Record(3);
        Store(4);
        Record(4);

        await bob.ReadsAsync("welcome", "msg 1", "msg 2", "msg 3", "msg 4");
    }

    [Fact]
    public async Task Should_read_what_was_never_published_when_a_head_says_that_there_is_more()
    {
        var bob = Join("bob");
        Store(1, 2);
        Record(1);

        _relay.Relay.Tell(new RelayCommands.Head(RelayHarness.Room, "k1", 2), TestActor);

        await bob.ReadsAsync("welcome", "msg 1", "msg 2");
    }

    [Fact]
    public async Task Should_tell_clients_to_sync_when_the_gap_cannot_be_filled()
    {
        var bob = Join("bob");
        Store(1);
        Record(1);
        _relay.Store.IsAvailable = false;

        Record(3);

        await _relay.PassUntilReadAsync(bob, "welcome", "msg 1", "sync_required");
    }

    [Fact]
    public async Task Should_not_stop_other_records_when_a_gap_was_left_to_the_clients()
    {
        var bob = Join("bob");
        Store(1);
        Record(1);
        _relay.Store.IsAvailable = false;
        Record(3);
        await _relay.PassUntilReadAsync(bob, "welcome", "msg 1", "sync_required");

        Record(4);

        await bob.ReadsAsync("welcome", "msg 1", "sync_required", "msg 4");
    }

    [Fact]
    public async Task Should_begin_at_the_record_when_the_epoch_has_changed()
    {
        var bob = Join("bob");
        Store(1);
        Record(1);

        _relay.PublishRecord(7, "k2");

        await bob.ReadsAsync("welcome", "msg 1", "msg 7");
    }

    [Fact]
    public async Task Should_hand_a_member_nothing_that_its_login_read_when_the_relay_was_behind()
    {
        var bob = Join("bob");
        Record(1);
        var late = _relay.Connect("late", ProtocolLevel.Two);
        _relay.Follow(late, 3);

        Record(2);
        Record(3);
        Record(4);
        Record(5);

        await bob.ReadsAsync("welcome", "msg 1", "msg 2", "msg 3", "msg 4", "msg 5");
        await late.ReadsAsync("msg 4", "msg 5");
    }

    [Fact]
    public async Task Should_hand_a_member_nothing_from_before_its_place_when_a_gap_is_filled_from_the_store()
    {
        var bob = Join("bob");
        Store(1, 2, 3);
        Record(1);
        _relay.Store.IsAvailable = false;
        var late = _relay.Connect("late", ProtocolLevel.Two);
        _relay.Follow(late, 3);
        _relay.Relay.Tell(new RelayCommands.Head(RelayHarness.Room, "k1", 3), TestActor);

        _relay.Store.IsAvailable = true;
        Store(4);
        Record(4);

        await bob.ReadsAsync("welcome", "msg 1", "msg 2", "msg 3", "msg 4");
        await late.ReadsAsync("msg 4");
    }

    [Theory]
    [InlineData(ProtocolLevel.Zero)]
    [InlineData(ProtocolLevel.Two)]
    public async Task Should_hand_who_enters_nothing_from_before_when_the_relay_was_behind(ProtocolLevel level)
    {
        var bob = Join("bob");
        Record(1);
        var late = _relay.Connect("late", level);
        _relay.Join(late);
        _relay.Publish(EnvelopeKind.Entered, "late", 2, 2, head: 3);

        Record(2);
        Record(3);
        Record(4);

        await bob.ReadsAsync("welcome", "msg 1", "enter late", "msg 2", "msg 3", "msg 4");
        await late.ReadsAsync("welcome", "msg 4");
    }

    [Fact]
    public async Task Should_hand_a_member_nothing_older_when_the_relay_knew_nothing_of_the_conversation()
    {
        var late = _relay.Connect("late", ProtocolLevel.Two);
        _relay.Follow(late, 3);

        Record(3);
        Record(4);

        await late.ReadsAsync("msg 4");
    }

    [Fact]
    public async Task Should_hand_a_member_what_is_new_when_the_epoch_changed_before_its_place_was_reached()
    {
        var bob = Join("bob");
        Record(1);
        var late = _relay.Connect("late", ProtocolLevel.Two);
        _relay.Follow(late, 9);

        _relay.PublishRecord(5, "k2");

        await bob.ReadsAsync("welcome", "msg 1", "msg 5");
        await late.ReadsAsync("msg 5");
    }

    private RelayHarness.Guest Join(string user)
    {
        var guest = _relay.Connect(user, ProtocolLevel.Two);
        _relay.Join(guest);
        _relay.Publish(EnvelopeKind.Entered, user, 1, 1);
        return guest;
    }

    private void Record(long mseq) => _relay.PublishRecord(mseq, "k1");

    private void Store(params long[] mseqs)
    {
        foreach (var mseq in mseqs)
        {
            var record = new StoredRecord(mseq, $"m{mseq}", "alice", mseq.ToString(null, null), null, "text", "hi", null, 0);
            _relay.Store.Append(new AppendPart(RelayHarness.Room, "k1", mseq - 1, mseq == 1, null, [new AppendRecord(record, null)], [], mseq, TestActor));
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _relay.Dispose();
    }
}
