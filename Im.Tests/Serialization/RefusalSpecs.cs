using System.Runtime.Serialization;
using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Serialization;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Serialization;

/// <summary>What is no message of ours is refused, on the way out and on the way in.</summary>
public sealed class RefusalSpecs(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const int Rounds = 400;

    private sealed record Stranger(string Text);

    [Theory]
    [InlineData("")]
    [InlineData("zz1")]
    [InlineData("Im.Actors.Sessions.SessionCommands+Attach, Im.Actors")]
    public void Should_refuse_a_manifest_that_it_does_not_know(string manifest) =>
        Should.Throw<SerializationException>(() => fixture.Serializer.FromBinary([], manifest));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_refuse_what_a_peer_wants_made_by_the_name_of_its_type(int serializer) =>
        Should.Throw<SerializationException>(
            () => fixture.System.Serialization.Deserialize("{}"u8.ToArray(), serializer, "System.Diagnostics.ProcessStartInfo, System.Diagnostics.Process"));

    [Fact]
    public void Should_refuse_to_send_a_type_that_has_no_form_on_the_wire()
    {
        Should.Throw<SerializationException>(() => fixture.System.Serialization.Serialize(new Stranger("x")));
        Should.Throw<SerializationException>(() => fixture.System.Serialization.Serialize(new RelayEvents.Names([])));
        Should.Throw<SerializationException>(() => fixture.System.Serialization.Serialize(Props.Create(() => new NoActor())));
    }

    [Fact]
    public void Should_refuse_a_message_that_is_too_large_where_it_is_sent_and_where_it_comes_in()
    {
        var large = new NodeAnswers.Users([new string('x', ClusterMessageSerializer.MaxBytes)]);

        Should.Throw<SerializationException>(() => fixture.Serializer.ToBinary(large)).Message.ShouldContain("Users has 1048");
        Should.Throw<SerializationException>(() => fixture.Serializer.FromBinary(new byte[ClusterMessageSerializer.MaxBytes + 1], "nv1"));
    }

    /// <summary>Each byte of it becomes six in JSON, in a frame for either level.</summary>
    [Fact]
    public void Should_carry_the_longest_text_that_an_operator_may_allow()
    {
        var text = new string('\u0001', ClusterMessageSerializer.MaxTextBytes);
        var content = new PushContent("01M", CommandNames.Message, "text", text, "alice", "r:tea", "k1", 1, "cid-1", "{\"ext\":\"" + new string('x', 4_000) + "\"}", 1_700_000_000_123);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Record), new Frame(PushWriter.Level2(content), FrameKind.Record));
        var user = new UserKey(new AppId(101), new UserId("alice"));

        fixture.Serializer.ToBinary(new SessionCommands.Push(user, "01M", frames, [], ActorRefs.Nobody)).Length.ShouldBeGreaterThan(6 * text.Length);
    }

    [Fact]
    public void Should_pass_over_an_envelope_of_a_later_version_and_keep_its_neighbours()
    {
        var known = fixture.Cases[typeof(TopicBatch)].OfType<TopicBatch>().First();
        var bytes = fixture.Serializer.ToBinary(known);
        byte[] later = [.. bytes, 0x0A, 2, 0x10, 99];   // one more envelope, of kind 99

        Same.Difference(fixture.Serializer.FromBinary(later, "tb1"), known).ShouldBeNull();
    }

    [Fact]
    public void Should_pass_over_a_field_of_a_later_version()
    {
        foreach (var message in fixture.Cases.Values.SelectMany(messages => messages))
        {
            byte[] later = [.. fixture.Serializer.ToBinary(message), 0xFA, 0x3E, 3, 1, 2, 3];   // field 1007, three bytes
            Same.Difference(fixture.Serializer.FromBinary(later, fixture.Serializer.Manifest(message)), message, message.GetType().Name).ShouldBeNull();
        }
    }

    /// <summary>Bytes cut, changed and made up: a message comes of it or a refusal, and never much memory.</summary>
    [Fact]
    public void Should_take_or_refuse_whatever_bytes_come_and_stay_within_a_bound()
    {
        var random = new Random(4053);
        foreach (var message in fixture.Cases.Values.SelectMany(messages => messages))
        {
            var bytes = fixture.Serializer.ToBinary(message);
            var manifest = fixture.Serializer.Manifest(message);
            Take(bytes, manifest);
            for (var i = 0; i < Rounds; i++) Take(Spoil(bytes, random), manifest).ShouldBeLessThan(64 * 1024 + 256L * bytes.Length);
        }
    }

    /// <summary>The smallest parts on the wire that are objects in memory.</summary>
    [Fact]
    public void Should_stay_within_a_bound_when_a_message_is_full_of_empty_parts()
    {
        var empty = Enumerable.Repeat((byte[])[0x0A, 0], ClusterMessageSerializer.MaxBytes / 2).SelectMany(part => part).ToArray();

        Take(empty, "nv1").ShouldBeLessThan(128L * 1024 * 1024);
        Take(empty, "nk1").ShouldBeLessThan(256L * 1024 * 1024);
        Take(empty, "tb1").ShouldBeLessThan(256L * 1024 * 1024);
    }

    /// <returns>The bytes of memory that it took.</returns>
    private long Take(byte[] bytes, string manifest)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            fixture.Serializer.FromBinary(bytes, manifest).ShouldNotBeNull();
        }
        catch (SerializationException)
        {
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Spoil(byte[] bytes, Random random)
    {
        var spoilt = random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : [.. bytes];
        for (var changes = random.Next(4); changes > 0 && spoilt.Length > 0; changes--) spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
        if (random.Next(4) != 0) return spoilt;
        var tail = new byte[random.Next(24)];
        random.NextBytes(tail);
        return [.. spoilt, .. tail];
    }

    private sealed class NoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
