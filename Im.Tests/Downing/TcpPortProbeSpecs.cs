using System.Net;
using System.Net.Sockets;
using Im.Actors.Downing;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Downing;

public sealed class TcpPortProbeSpecs
{
    private readonly TcpPortProbe _probe = new();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Should_find_that_nobody_listens_when_the_port_is_closed(string host)
    {
        using var kept = FreePort.Keep();
        var port = ((IPEndPoint)kept.LocalEndPoint!).Port;
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        (await KnownAsync(host, port)).ShouldBe(PortState.Listening);

        listener.Stop();

        (await KnownAsync(host, port)).ShouldBe(PortState.Refused);
    }

    [Fact]
    public async Task Should_say_nothing_of_a_listener_whose_backlog_is_full()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var endPoint = (IPEndPoint)listener.LocalEndPoint!;
        var waiting = new List<Socket>();
        try
        {
            // The kernel takes some connections that nobody accepts. One that it does not take is not taken later either; one try may have been held up.
            for (var inARow = 0; inARow < 3;) inARow = await ConnectAsync(endPoint, waiting) ? 0 : inARow + 1;

            (await _probe.TryAsync("127.0.0.1", endPoint.Port)).ShouldBe(PortState.Unknown);
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Should_say_nothing_of_a_host_that_has_no_address() =>
        (await _probe.TryAsync("no-such-host.invalid", 4053)).ShouldBe(PortState.Unknown);

    /// <summary>A try whose time ran out on a busy machine says nothing, and is made again.</summary>
    private async Task<PortState> KnownAsync(string host, int port)
    {
        var state = PortState.Unknown;
        await Until.TrueAsync(async () => (state = await _probe.TryAsync(host, port)) != PortState.Unknown);
        return state;
    }

    private static async Task<bool> ConnectAsync(IPEndPoint endPoint, List<Socket> waiting)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        waiting.Add(socket);
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            await socket.ConnectAsync(endPoint, bound.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
