using Akka.Actor;
using Im.Actors;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class RingMailboxSpecs
{
    [Theory]
    [InlineData(3)]
    [InlineData(41)]
    [InlineData(592)]
    public void Should_give_what_a_queue_gives_when_it_is_filled_and_emptied_at_random(int seed)
    {
        var random = new Random(seed);
        var reference = new Queue<object>();
        var ring = new RingMailbox.Queue();
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Next(100) < (i / 2_000 % 2 == 0 ? 60 : 40))
            {
                reference.Enqueue(i);
                ring.Enqueue(ActorRefs.Nobody, new Envelope(i, ActorRefs.NoSender));
            }
            else
            {
                var expected = reference.TryDequeue(out var message);
                ring.TryDequeue(out var envelope).ShouldBe(expected);
                if (expected) envelope.Message.ShouldBe(message);
            }

            ring.Count.ShouldBe(reference.Count);
            ring.HasMessages.ShouldBe(reference.Count > 0);
        }
    }

    [Fact]
    public async Task Should_give_every_message_once_and_in_the_order_of_its_sender_when_many_threads_send()
    {
        const int Senders = 4, Each = 20_000;
        var ring = new RingMailbox.Queue();
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) ring.Enqueue(ActorRefs.Nobody, new Envelope((sender, i), ActorRefs.NoSender));
        })).ToArray();

        var next = new int[Senders];
        for (var received = 0; received < Senders * Each;)
        {
            if (!ring.TryDequeue(out var envelope)) continue;
            var (sender, number) = ((int, int))envelope.Message;
            number.ShouldBe(next[sender]++);
            received++;
        }

        await Task.WhenAll(sending);
        ring.TryDequeue(out _).ShouldBeFalse();
    }

    [Fact]
    public void Should_give_its_memory_back_when_it_had_grown_and_was_drained()
    {
        var ring = new RingMailbox.Queue();
        var messages = Fill(ring, 5_000);
        while (ring.TryDequeue(out _)) ring.Count.ShouldBeGreaterThanOrEqualTo(0);

        ring.HeldLength.ShouldBe(0);
        messages.Length.ShouldBe(5_000);
    }

    [Fact]
    public void Should_hold_nothing_when_it_is_new() => new RingMailbox.Queue().HeldLength.ShouldBe(0);

    private static object[] Fill(RingMailbox.Queue ring, int count)
    {
        var messages = Enumerable.Range(0, count).Select(_ => new object()).ToArray();
        foreach (var message in messages) ring.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.NoSender));
        return messages;
    }
}
