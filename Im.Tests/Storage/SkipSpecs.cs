using Im.Actors.Conversations.Store;
using Im.Node.Storage.Marks;
using Im.Protocol.Names;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

/// <summary>What a device went on without is never acknowledged, whatever it acknowledges later (rules.md §6).</summary>
public abstract class SkipSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    private const int Pushes = 60;

    private static readonly ConversationKey Inbox = new(App, new ConversationId("u:bob"));

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs));
    private readonly List<string> _pushed = [];

    [StoreFact]
    public async Task Should_name_only_what_was_not_skipped_when_the_store_is_opened_again()
    {
        await PushAsync();
        await MoveAsync(acked: 5);
        await MoveAsync(acked: 12, skipped: 10);
        await ReopenAsync(time: _time);

        (await AckedAsync()).ShouldBe([.. Numbers(1, 5), 11, 12]);
    }

    [StoreFact]
    public async Task Should_keep_each_gap_when_all_are_told_between_two_writes()
    {
        await PushAsync();
        Move(acked: 5);
        Move(acked: 12, skipped: 10);
        Move(skipped: 20);
        await MoveAsync(acked: 22);

        (await AckedAsync()).ShouldBe([.. Numbers(1, 5), 11, 12, 21, 22]);
    }

    [StoreFact]
    public async Task Should_begin_behind_what_is_told_with_it_when_the_skip_goes_further()
    {
        await PushAsync();
        await MoveAsync(acked: 3, skipped: 10);
        await MoveAsync(acked: 11);

        (await AckedAsync()).ShouldBe([.. Numbers(1, 3), 11]);
    }

    [StoreFact]
    public async Task Should_claim_nothing_up_to_a_skip_that_comes_after_the_mark_of_another_node()
    {
        await PushAsync();
        await using var other = await OtherNodeAsync();
        other.Move(Moved("phone", acked: 12, skipped: 0));
        await other.FlushAsync();
        await MoveAsync(acked: 11, skipped: 10);

        (await AckedAsync()).ShouldBe([11, 12]);
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_leave_acknowledged_what_a_device_that_begins_anew_skips_again(bool isStored)
    {
        await PushAsync();
        Store.Move(Moved("phone", acked: 10, skipped: 0));
        if (isStored) await Store.FlushAsync();
        await MoveAsync(acked: 12, skipped: 10);

        (await AckedAsync()).ShouldBe(Numbers(1, 12));
    }

    [StoreFact]
    public async Task Should_not_hold_against_a_device_what_another_one_skipped()
    {
        await PushAsync();
        await MoveAsync(acked: 12, skipped: 10);
        Store.Move(Moved("desk", acked: 7, skipped: 0));
        await Store.FlushAsync();

        (await Store.FindDeliveryAsync(App, _pushed[5])).ShouldNotBeNull().Acked.ShouldBe(["desk"]);
        (await Store.FindDeliveryAsync(App, _pushed[10])).ShouldNotBeNull().Acked.ShouldBe(["phone"]);
    }

    [StoreFact]
    public async Task Should_end_at_the_head_when_more_is_skipped_than_there_is()
    {
        await PushAsync();
        await MoveAsync(skipped: Pushes + 1_000);
        await MoveAsync(skipped: Pushes + 2_000);
        await Store.CommitAsync(Part(Inbox, Pushes, Append(Next(), deliveryUser: "bob")));
        await MoveAsync(acked: Pushes + 1);

        (await AckedAsync()).ShouldBe([Pushes + 1]);
    }

    [StoreFact]
    public async Task Should_claim_less_and_keep_one_range_when_a_device_skips_again_and_again()
    {
        await PushAsync();
        await MoveAsync(acked: 1);
        for (var n = 1; n <= SkippedRanges.MaxCount + 1; n++) await MoveAsync(acked: 3 * n, skipped: (3 * n) - 1);

        (await AckedAsync()).ShouldBe([1, 3 * (SkippedRanges.MaxCount + 1)]);
        (await Store.RemoveSkippedAsync(long.MaxValue, 100)).ShouldBe(1);
    }

    [StoreFact]
    public async Task Should_bound_what_waits_when_a_device_skips_again_and_again_between_two_writes()
    {
        await PushAsync();
        for (var n = 1; n <= 19; n++) Move(acked: 3 * n, skipped: (3 * n) - 1);
        await Store.FlushAsync();

        (await AckedAsync()).ShouldBe([.. Enumerable.Range(1, SkippedRanges.MaxCount - 1).Select(n => 3 * n), 57]);
        (await Store.RemoveSkippedAsync(long.MaxValue, 100)).ShouldBe(SkippedRanges.MaxCount);
    }

    [StoreFact]
    public async Task Should_forget_a_skip_no_sooner_than_its_deliveries()
    {
        await PushAsync();
        await MoveAsync(acked: 12, skipped: 10);
        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(23));
        await Store.SweepAsync(CancellationToken.None);

        (await AckedAsync()).ShouldBe([11, 12]);

        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(26));
        await Store.SweepAsync(CancellationToken.None);
        (await Store.RemoveSkippedAsync(long.MaxValue, 100)).ShouldBe(0, "the row is gone");
    }

    private async Task PushAsync()
    {
        await ReopenAsync(time: _time);
        var pushes = Enumerable.Range(1, Pushes).Select(_ => Append(Next(), deliveryUser: "bob"));
        await Store.CommitAsync(Part(Inbox, 0, pushes) with { Creates = true, Members = [Joins("bob")] });
    }

    private StoredRecord Next()
    {
        var record = Record(_pushed.Count + 1, from: "system");
        _pushed.Add(record.MessageId);
        return record;
    }

    private Task MoveAsync(long? acked = null, long skipped = 0)
    {
        Move(acked, skipped);
        return Store.FlushAsync();
    }

    private void Move(long? acked = null, long skipped = 0) => Store.Move(Moved("phone", acked, skipped));

    private static CursorMove Moved(string device, long? acked, long skipped) => new(App, "bob", device, "u:bob", Epoch, acked, null) { Skipped = skipped };

    private static IEnumerable<int> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1);

    /// <summary>The numbers that the phone has acknowledged, as the delivery rows say.</summary>
    private async Task<int[]> AckedAsync()
    {
        List<int> acked = [];
        for (var i = 0; i < _pushed.Count; i++)
        {
            if ((await Store.FindDeliveryAsync(App, _pushed[i])).ShouldNotBeNull().Acked.Contains("phone")) acked.Add(i + 1);
        }

        return [.. acked];
    }
}
