using Im.Actors.Connections;
using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Im.Tests.Connections.SlotHarness;

namespace Im.Tests.Connections;

public sealed class OutboundSlotStressSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261)]
    [InlineData(77)]
    public async Task Should_write_every_accepted_frame_once_and_in_the_order_of_its_thread_when_many_threads_offer(int seed)
    {
        using var harness = new SlotHarness(new ConnectionLimits { OutboundMaxFramesCount = 64, OutboundMaxBytes = 8 * 1024 });
        harness.Transport.TakeOnly(0);
        var accepted = new List<string>[4];
        var tickets = new List<RecordedTicket>[4];
        var running = 4;

        var offering = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(seed + thread);
            (accepted[thread], tickets[thread]) = ([], []);
            for (var i = 0; i < 2_000; i++)
            {
                var text = $"{thread} {i} {new string('x', random.Next(200))}";
                var ticket = new RecordedTicket();
                if (harness.Slot.Offer(random.Next(10) == 0 ? Reply(text) : Record(text), ticket) != OfferResult.Accepted) continue;
                accepted[thread].Add(text);
                tickets[thread].Add(ticket);
            }

            Interlocked.Decrement(ref running);
        })).ToArray();
        var reading = new Random(seed);
        while (Volatile.Read(ref running) > 0)
        {
            harness.Transport.MakeRoom(reading.Next(1, 3_000));
            await Task.Yield();
        }

        await Task.WhenAll(offering);
        harness.Transport.MakeRoom();

        var expected = accepted.Sum(texts => texts.Count);
        await Until.TrueAsync(() => harness.Slot.PendingBytes == 0 && tickets.All(list => list.TrueForAll(ticket => ticket.Outcomes.Length > 0)));
        var read = harness.Read();
        read.Length.ShouldBe(expected);
        for (var thread = 0; thread < 4; thread++) read.Where(text => text.StartsWith($"{thread} ", StringComparison.Ordinal)).ShouldBe(accepted[thread]);
        tickets.SelectMany(list => list).ShouldAllBe(ticket => ticket.Outcomes.SequenceEqual(new[] { WriteOutcome.Written }));
    }
}
