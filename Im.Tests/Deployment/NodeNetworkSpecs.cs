using System.Net;
using System.Net.Sockets;
using Im.Cli.Verify.Hosts;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>Links between namespaces that a run cuts, one direction at a time.</summary>
public sealed class NodeNetworkSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _patience = new(Patience);
    private NodeNetwork _network = null!;

    public async Task InitializeAsync()
    {
        if (HostNeeds.WhyNotRun() is null) _network = await NodeNetwork.CreateAsync(2);
    }

    public async Task DisposeAsync()
    {
        if (_network is not null) await _network.DisposeAsync();
        _patience.Dispose();
    }

    [HostFact]
    public async Task Should_pass_one_direction_only_when_the_other_is_cut()
    {
        var (first, second) = await ConnectAsync();
        using (first)
        using (second)
        {
            await _network.CutAsync(0, 1);
            await first.SendAsync("lost"u8.ToArray(), _patience.Token);
            await second.SendAsync("kept"u8.ToArray(), _patience.Token);

            (await ReadAsync(first)).ShouldBe("kept");
            second.Available.ShouldBe(0);

            await _network.HealAsync();
            (await ReadAsync(second)).ShouldBe("lost");
        }
    }

    [HostFact]
    public async Task Should_pass_nothing_between_two_sides_and_everything_to_this_machine()
    {
        var (first, second) = await ConnectAsync();
        using var listener = NamespaceSockets.Make(_network.NameOf(0));
        listener.Bind(new IPEndPoint(IPAddress.Parse(_network.AddressOf(0)), 9000));
        listener.Listen();
        using (first)
        using (second)
        {
            await _network.PartAsync([0], [1]);
            await first.SendAsync("one"u8.ToArray(), _patience.Token);
            await second.SendAsync("two"u8.ToArray(), _patience.Token);
            using var client = new TcpClient();
            await client.ConnectAsync(_network.AddressOf(0), 9000, _patience.Token);

            (first.Available + second.Available).ShouldBe(0);

            await _network.HealAsync();
            (await ReadAsync(first)).ShouldBe("two");
            (await ReadAsync(second)).ShouldBe("one");
        }
    }

    [HostFact]
    public async Task Should_leave_nothing_behind()
    {
        await _network.DisposeAsync();

        (await HostCommand.TryAsync(HostPrograms.Ip, "netns")).Output.ShouldNotContain(_network.NameOf(0));
        (await HostCommand.TryAsync(HostPrograms.Ip, "-br", "addr")).Output.ShouldNotContain(_network.HostAddress);
    }

    private async Task<(Socket First, Socket Second)> ConnectAsync()
    {
        using var listener = NamespaceSockets.Make(_network.NameOf(1));
        listener.Bind(new IPEndPoint(IPAddress.Parse(_network.AddressOf(1)), 9000));
        listener.Listen();
        var first = NamespaceSockets.Make(_network.NameOf(0));
        await first.ConnectAsync(listener.LocalEndPoint!, _patience.Token);
        return (first, await listener.AcceptAsync(_patience.Token));
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[64];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, _patience.Token));
    }
}
