using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Protocol;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections.Streams;

public sealed class InboundFlowSpecs : ActorSpecs
{
    private static readonly byte[] Ping = """{"seq":"1","cmd":"ping"}"""u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _wheel;
    private readonly EgressLane _egress;
    private readonly IngressLane _lane = new();
    private long _number;

    public InboundFlowSpecs()
    {
        _wheel = new TimerWheel(_time);
        _egress = new EgressLane(0, _wheel);
        Sys.ActorOf(IngressLaneActor.Create(_lane));
    }

    [Fact]
    public void Should_tell_the_connection_in_order_when_messages_come_in()
    {
        var (slot, connection, _) = Connect();
        for (var i = 0; i < 50; i++) slot.Receive(System.Text.Encoding.UTF8.GetBytes($$"""{"seq":"{{i}}","cmd":"ping"}"""), binary: false);
        slot.SocketClosed(1000);

        for (var i = 0; i < 50; i++) connection.ExpectMsg<ConnectionInput.Command>().Seq.ShouldBe($"{i}");
        connection.ExpectMsg<ConnectionInput.SocketClosed>();
        slot.ClosedWith.ShouldBe(1000);
    }

    [Fact]
    public void Should_keep_what_comes_in_when_the_actor_is_not_there_yet()
    {
        var (slot, connection, _) = Connect(bind: false);
        slot.Receive(Ping, binary: false);
        Connect().Slot.Receive(Ping, binary: false);
        slot.Receive(Ping, binary: true);

        slot.Bind(connection.Ref);

        connection.ExpectMsg<ConnectionInput.Command>().IsBinary.ShouldBeFalse();
        connection.ExpectMsg<ConnectionInput.Command>().IsBinary.ShouldBeTrue();
    }

    [Fact]
    public void Should_end_only_its_own_connection_when_a_message_is_too_large()
    {
        var (large, largeConnection, _) = Connect(new ConnectionLimits { MessageMaxBytes = 100 });
        var (other, otherConnection, _) = Connect();

        large.Receive(new byte[101], binary: false);
        other.Receive(Ping, binary: false);

        largeConnection.ExpectMsg<ConnectionInput.Poison>().Code.ShouldBe(CloseCode.TooBig);
        otherConnection.ExpectMsg<ConnectionInput.Command>();
    }

    [Fact]
    public void Should_call_it_illegal_when_a_message_is_no_envelope()
    {
        var (slot, connection, _) = Connect();

        slot.Receive("no json"u8, binary: false);
        slot.Receive([], binary: false);

        connection.ExpectMsg<ConnectionInput.Illegal>();
        connection.ExpectMsg<ConnectionInput.Illegal>();
    }

    [Fact]
    public void Should_refuse_what_is_over_the_rate_until_time_has_passed()
    {
        var (slot, connection, _) = Connect(new ConnectionLimits { CommandsBurstCount = 3, CommandsPerSecond = 1 });
        for (var i = 0; i < 4; i++) slot.Receive(Ping, binary: false);
        for (var i = 0; i < 3; i++) connection.ExpectMsg<ConnectionInput.Command>();
        connection.ExpectMsg<ConnectionInput.OverRate>().Seq.ShouldBe("1");

        _time.Advance(TimeSpan.FromSeconds(1.1));
        slot.Receive(Ping, binary: false);

        connection.ExpectMsg<ConnectionInput.Command>();
    }

    [Fact]
    public void Should_serve_on_when_a_step_of_the_graph_has_failed()
    {
        var (slot, connection, _) = Connect();
        slot.Receive(Ping, binary: false);
        connection.ExpectMsg<ConnectionInput.Command>();

        _lane.Post(null!, Ping, binary: false);
        slot.Receive(Ping, binary: false);

        connection.ExpectMsg<ConnectionInput.Command>();
        slot.Receive(Ping, binary: false);
        connection.ExpectMsg<ConnectionInput.Command>();
    }

    [Fact]
    public void Should_pause_at_64_unanswered_and_read_on_when_one_is_answered()
    {
        var (slot, connection, transport) = Connect();
        for (var i = 1; i < 64; i++) slot.Receive(Ping, binary: false).ShouldBeTrue();

        slot.Receive(Ping, binary: false).ShouldBeFalse();
        transport.ResumesCount.ShouldBe(0);
        connection.ExpectMsg<ConnectionInput.Command>();
        slot.Credit(Ping.Length);

        transport.ResumesCount.ShouldBe(1);
        slot.Credit(Ping.Length);
        transport.ResumesCount.ShouldBe(1);
    }

    [Fact]
    public void Should_pause_when_the_unanswered_bytes_reach_their_bound()
    {
        var (slot, _, transport) = Connect(new ConnectionLimits { UnansweredMaxBytes = 1_000 });
        slot.Receive(new byte[600], binary: false).ShouldBeTrue();

        slot.Receive(new byte[600], binary: false).ShouldBeFalse();
        slot.Credit(600);

        transport.ResumesCount.ShouldBe(1);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _egress.Dispose();
        _wheel.Dispose();
    }

    private (ConnectionSlot Slot, TestProbe Connection, MemoryTransport Transport) Connect(ConnectionLimits? limits = null, bool bind = true)
    {
        var transport = new MemoryTransport();
        var slot = new ConnectionSlot(++_number, transport, _egress, _lane, limits ?? new ConnectionLimits());
        transport.Slot = slot;
        var connection = CreateTestProbe();
        if (bind) slot.Bind(connection.Ref);
        return (slot, connection, transport);
    }
}
