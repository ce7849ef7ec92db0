using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;
using Im.Cli.Certs;
using Im.Node.Clustering;
using Im.Node.Clustering.Door;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering.Strangers;

/// <summary>Who is let in by the door before the remoting port, and what becomes of the others.</summary>
public sealed class ClusterDoorSpecs : IDisposable
{
    private readonly X509Certificate2 _authority = CertificateMaker.MakeAuthority(TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2));
    private readonly X509Certificate2 _certificate;
    private readonly ClusterDoor _door;

    public ClusterDoorSpecs()
    {
        _certificate = CertificateMaker.MakeNode(_authority, ["im-1", "10.0.0.5"], TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        _door = NewDoor(new ClusterTls(_certificate, [_authority]));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("im-1")]
    [InlineData("10.0.0.5")]
    public void Should_let_in_who_speaks_for_a_host_of_his_certificate(string host)
    {
        var peer = Connect();
        _door.Shown(peer.Handle.Peer, _certificate.RawData);

        peer.Say(AssociateMessages.Of("im", host, 4053));
        peer.Say([1, 2, 3]);

        peer.Read.OfType<InboundPayload>().Count().ShouldBe(2);
        peer.IsClosed.ShouldBeFalse();
        _door.WaitingCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("im-2")]
    [InlineData("10.0.0.6")]
    [InlineData("")]
    public void Should_drop_who_speaks_for_another_host(string host)
    {
        var peer = Connect();
        _door.Shown(peer.Handle.Peer, _certificate.RawData);

        peer.Say(AssociateMessages.Of("im", host, 4053));
        peer.Say(AssociateMessages.Of("im", "im-1", 4053));

        ShouldBeOut(peer);
    }

    [Fact]
    public void Should_drop_who_says_two_things_at_once()
    {
        byte[] twice = [.. AssociateMessages.Origin("im", "im-1", 4053), .. AssociateMessages.Field(2, "im-2"u8.ToArray())];
        byte[] parts = [.. AssociateMessages.Field(2, AssociateMessages.Instruction(AssociateMessages.Origin("im", "im-2", 1))), .. AssociateMessages.Of("im", "im-1", 4053)];
        foreach (var message in (byte[][])[AssociateMessages.Field(2, AssociateMessages.Instruction(twice)), parts, [], [0x0A, 1, 1], [0xFF, 0xFF]])
        {
            var peer = Connect();
            _door.Shown(peer.Handle.Peer, _certificate.RawData);

            peer.Say(message);

            ShouldBeOut(peer);
        }
    }

    [Fact]
    public void Should_drop_who_has_shown_no_certificate()
    {
        var peer = Connect();

        peer.Say(AssociateMessages.Of("im", "im-1", 4053));

        ShouldBeOut(peer);
    }

    [Fact]
    public void Should_ask_nobody_when_the_nodes_speak_plain_tcp()
    {
        var peer = Connect(NewDoor(tls: null));

        peer.Say(AssociateMessages.Of("im", "im-2", 4053));

        peer.Read.OfType<InboundPayload>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Should_drop_the_oldest_that_says_nothing_when_too_many_wait()
    {
        var peers = Enumerable.Range(0, ClusterDoor.WaitingMaxCount).Select(_ => Connect()).ToList();
        _door.Shown(peers[0].Handle.Peer, _certificate.RawData);
        peers[0].Say(AssociateMessages.Of("im", "im-1", 4053));

        Connect();
        peers[1].IsClosed.ShouldBeFalse();
        Connect();

        (peers[0].IsClosed, peers[1].IsClosed, peers[2].IsClosed).ShouldBe((false, true, false));
        peers[1].Read.ShouldHaveSingleItem().ShouldBeOfType<Disassociated>();
        _door.WaitingCount.ShouldBe(ClusterDoor.WaitingMaxCount);
    }

    [Fact]
    public void Should_forget_a_connection_when_either_side_ends_it()
    {
        var (left, ended) = (Connect(), Connect());

        left.End();
        ended.Handle.Disassociate("the handshake took too long", NoLogger.Instance);

        _door.WaitingCount.ShouldBe(0);
        left.Read.ShouldHaveSingleItem().ShouldBeOfType<Disassociated>();
        ended.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void Should_write_few_lines_and_say_how_many_it_left_out()
    {
        var (time, log) = (new FakeTimeProvider(), new ListLogger());
        var refusals = new RefusalLog(time, log);
        for (var i = 0; i < 300; i++) refusals.Report("10.0.0.9:5000", "it spoke no TLS");
        log.Lines.Count.ShouldBe(RefusalLog.LinesMaxCount);

        time.Advance(RefusalLog.Window);
        refusals.Report("10.0.0.9:5001", "it spoke no TLS");

        log.Lines[^2].ShouldContain($"{300 - RefusalLog.LinesMaxCount} more");
        log.Lines[^1].ShouldBe("Refused 10.0.0.9:5001 on the cluster port: it spoke no TLS");
    }

    private static ClusterDoor NewDoor(ClusterTls? tls) => new(tls, new RefusalLog(TimeProvider.System, NullLogger<RefusalLog>.Instance));

    private static void ShouldBeOut(Peer peer)
    {
        peer.IsClosed.ShouldBeTrue();
        peer.Read.ShouldHaveSingleItem().ShouldBeOfType<Disassociated>();
    }

    private Peer Connect(ClusterDoor? door = null) => new(door ?? _door);

    /// <summary>A connection that came in, from the side of the socket and from that of Akka.</summary>
    private sealed class Peer
    {
        private static int _ports = 1024;

        private readonly Socket _socket = new(Interlocked.Increment(ref _ports));

        public Peer(ClusterDoor door)
        {
            Handle = new InboundHandle(_socket, door, NoLogger.Instance);
            Handle.ReadHandlerSource.SetResult(new Reader(Read));
        }

        public InboundHandle Handle { get; }

        public List<IHandleEvent> Read { get; } = [];

        public bool IsClosed => _socket.IsClosed;

        public void Say(byte[] message) => _socket.Notify(new InboundPayload(ByteString.CopyFrom(message)));

        public void End() => _socket.Notify(new Disassociated(DisassociateInfo.Unknown));
    }

    private sealed class Reader(List<IHandleEvent> read) : IHandleEventListener
    {
        public void Notify(IHandleEvent ev) => read.Add(ev);
    }

    private sealed class Socket(int port) : AssociationHandle(new Address("ssl.tcp", "im", "127.0.0.1", 4053), new Address("ssl.tcp", "im", "127.0.0.1", port))
    {
        public bool IsClosed { get; private set; }

        public void Notify(IHandleEvent ev) => ReadHandlerSource.Task.Result.Notify(ev);

        public override bool Write(ByteString payload) => true;

        [Obsolete("As in the base class.")]
        public override void Disassociate() => IsClosed = true;
    }

    private sealed class ListLogger : ILogger<RefusalLog>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
