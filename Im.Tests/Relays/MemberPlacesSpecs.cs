using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Im.Tests.Connections;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

/// <summary>A relay that catches up while thousands of members have just come in: who gets what, and how much is looked at for it.</summary>
public sealed class MemberPlacesSpecs : IDisposable
{
    private const int RecordsCount = 200;

    private readonly DetachedSlots _slots = new();
    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly IngressLane _ingress = new();
    private readonly EgressLane _lane;

    public MemberPlacesSpecs() => _lane = new EgressLane(0, _wheel);

    public void Dispose()
    {
        _lane.Dispose();
        _wheel.Dispose();
        _slots.Dispose();
    }

    [Fact]
    public void Should_give_every_record_of_a_catch_up_the_same_table_when_nobody_comes_in_between()
    {
        var places = new MemberPlaces();
        foreach (var slot in _slots.Make(3_000)) places.Set(slot, RecordsCount);
        var first = places.At(1).ShouldNotBeNull();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = Enumerable.Range(2, RecordsCount - 1).Count(mseq => ReferenceEquals(places.At(mseq), first));

        same.ShouldBe(RecordsCount - 1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4_096);
    }

    [Fact]
    public void Should_leave_a_table_as_it_was_given_out_when_members_come_and_go()
    {
        var places = new MemberPlaces();
        var slots = _slots.Make(3);
        places.Set(slots[0], 5);
        places.Set(slots[1], 7);
        var given = places.At(1).ShouldNotBeNull();

        places.Remove(slots[0]);
        places.Set(slots[1], 9);
        places.Set(slots[2], 4);

        given.ShouldBe(new Dictionary<ConnectionSlot, long> { [slots[0]] = 5, [slots[1]] = 7 }, ignoreOrder: true);
        places.At(2).ShouldNotBeNull().ShouldBe(new Dictionary<ConnectionSlot, long> { [slots[1]] = 9, [slots[2]] = 4 }, ignoreOrder: true);
    }

    [Fact]
    public void Should_keep_nothing_when_the_records_have_passed_the_last_place()
    {
        var places = new MemberPlaces();
        places.Set(_slots.Make(1)[0], 5);

        places.At(5).ShouldNotBeNull();
        places.At(6).ShouldBeNull();
        places.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Should_hand_each_member_what_is_after_its_place_once_when_a_relay_catches_up()
    {
        var room = new LaneRoom();
        var members = Enumerable.Range(0, 400).Select(i => (Slot: Connect(i + 1), Place: i % (RecordsCount + 1))).ToArray();
        var places = new CountingTable(members.Where(member => member.Place > 0).ToDictionary(member => member.Slot.Slot, member => (long)member.Place));
        foreach (var member in members) room.Add(member.Slot.Slot);
        var batch = new RoomBatch("r:tea", 1);
        for (var mseq = 1; mseq <= RecordsCount; mseq++) batch.Push(Frames(mseq), new Exclusion(null, places, mseq), 0);

        _lane.Post(new LaneBatchJob(room, batch, 0, members.Length, null), members.Length);

        foreach (var (slot, place) in members)
        {
            var expected = Enumerable.Range(place + 1, RecordsCount - place).Select(mseq => $"r{mseq:000}").ToArray();
            await Until.TrueAsync(() => Numbers(slot.Transport).Length >= expected.Length);
            Numbers(slot.Transport).ShouldBe(expected);
        }

        // One look for each member, and one more for each record that it might get: nothing that grows with the members' square.
        places.LooksCount.ShouldBeLessThanOrEqualTo(members.Length * (RecordsCount + 1));
    }

    private static string[] Numbers(MemoryTransport transport) =>
        [.. System.Text.RegularExpressions.Regex.Matches(Encoding.UTF8.GetString(transport.Bytes), "\"msg\":\"(r[0-9]{3})\"").Select(match => match.Groups[1].Value)];

    private (ConnectionSlot Slot, MemoryTransport Transport) Connect(long number)
    {
        var transport = new MemoryTransport();
        var slot = new ConnectionSlot(number, transport, _lane, _ingress, new ConnectionLimits());
        transport.Slot = slot;
        slot.Attach(new Attachment(new UserKey(new AppId(101), new UserId($"u{number}")), $"n1-{number:x}", ProtocolLevel.Two, null, null, default));
        return (slot, transport);
    }

    private static PushFrames Frames(int mseq)
    {
        var content = new PushContent("m", "msg", "text", $"r{mseq:000}", "bob", "r:tea", "k1", mseq, null, null, 0);
        return new PushFrames(null, new Frame(PushWriter.Level2(content), FrameKind.Record, "r:tea"));
    }

    /// <summary>Counts how often it is asked.</summary>
    private sealed class CountingTable(Dictionary<ConnectionSlot, long> places) : IReadOnlyDictionary<ConnectionSlot, long>
    {
        private long _looks;

        public long LooksCount => Interlocked.Read(ref _looks);

        public int Count => places.Count;

        public IEnumerable<ConnectionSlot> Keys => throw new InvalidOperationException("Nobody goes through all of them.");

        public IEnumerable<long> Values => throw new InvalidOperationException("Nobody goes through all of them.");

        public long this[ConnectionSlot key] => places[key];

        public bool ContainsKey(ConnectionSlot key)
        {
            Interlocked.Increment(ref _looks);
            return places.ContainsKey(key);
        }

        public bool TryGetValue(ConnectionSlot key, [MaybeNullWhen(false)] out long value)
        {
            Interlocked.Increment(ref _looks);
            return places.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<ConnectionSlot, long>> GetEnumerator() => throw new InvalidOperationException("Nobody goes through all of them.");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
