using Im.Cli.Verify.Cluster;
using Im.Cli.Verify.Facts;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

public sealed class RecoverySpecs
{
    private static readonly FaultWindow s_freeze = new(ClusterFault.Freeze, "node1 for 35 s", BegunMs: 1_000, HealedMs: 36_000, ReadyMs: 50_000, EndedMs: 51_000, []);

    private readonly FactBook _book = new();
    private readonly DeviceFacts _free = new("alice-1", "alice");
    private readonly DeviceFacts _held = new("bob-1", "bob");

    [Fact]
    public void Should_count_the_longest_wait_of_each_user_when_nobody_waits_on_purpose()
    {
        Sent(_free, 2_000, 14_000);
        Sent(_held, 2_000, 40_000);

        Of(s_freeze).SendMaxMs.ShouldBe(38_000);
    }

    [Fact]
    public void Should_leave_out_who_stayed_on_a_silent_connection_on_purpose()
    {
        Sent(_free, 2_000, 14_000);
        Sent(_held, 2_000, 40_000);
        _held.Away.Add(new AwayFact(30_000, null, 60_000));
        _held.Held.Add(2_000);

        var recovery = Of(s_freeze);

        (recovery.SendMaxMs, recovery.Sends, recovery.BlindMaxMs).ShouldBe((12_000L, 1, 0L));
        recovery.Over.ShouldBeEmpty();
    }

    [Fact]
    public void Should_count_it_in_another_fault()
    {
        Sent(_held, 2_000, 40_000);
        _held.Held.Add(60_000);

        Of(s_freeze).SendMaxMs.ShouldBe(38_000);
    }

    [Fact]
    public void Should_leave_out_the_lost_connections_of_who_does_not_read_on_purpose()
    {
        _free.IsSlow = true;
        _free.Away.Add(new AwayFact(3_000, 4103, 20_000));
        _held.Away.Add(new AwayFact(3_000, 4200, 3_500));

        var recovery = Of(s_freeze);

        recovery.BlindMaxMs.ShouldBe(500);
        recovery.Closes.ShouldBe([4200]);
    }

    [Fact]
    public void Should_count_from_the_heal_to_the_first_acknowledgement_after_it()
    {
        Sent(_free, 2_000, 3_000);
        Sent(_free, 3_000, 37_500);
        Sent(_held, 4_000, 41_500);

        var recovery = Of(s_freeze);

        recovery.FirstAckMs.ShouldBe(1_500);
        recovery.AfterHealMs.ShouldBe(5_500);
    }

    [Theory]
    [InlineData(40_900, false)]
    [InlineData(41_100, true)]
    public void Should_say_so_when_the_first_acknowledgement_is_late_after_the_database_is_back(long answeredMs, bool isOver)
    {
        Sent(_free, 30_000, answeredMs);

        Of(s_freeze with { Fault = ClusterFault.Database }).Over.Contains("first acknowledgement").ShouldBe(isOver);
    }

    [Fact]
    public void Should_say_so_when_nothing_was_acknowledged_after_the_database_was_back()
    {
        Sent(_free, 2_000, 3_000);

        var recovery = Of(s_freeze with { Fault = ClusterFault.Database });

        recovery.FirstAckMs.ShouldBeNull();
        recovery.Over.ShouldContain("first acknowledgement");
    }

    private Recovery Of(FaultWindow window) => Recovery.Of([window], _book, [_free, _held]).ShouldHaveSingleItem();

    private void Sent(DeviceFacts device, long begunMs, long answeredMs) =>
        _book.Sent.Enqueue(new SentFact(device.Name, device.User, 1, "r:lobby", "c1", "msg", "hello", 0, false, false) { Outcome = Outcome.Acked, BegunMs = begunMs, AnsweredMs = answeredMs });
}
