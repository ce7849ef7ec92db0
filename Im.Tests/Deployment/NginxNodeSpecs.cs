using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Im.Cli.Verify.Hosts;
using Im.Protocol.Ingress.V1;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>A real node behind a real nginx.</summary>
public sealed class NginxNodeSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private NodeFixture _node = null!;
    private NginxHost _nginx = null!;

    public async Task InitializeAsync()
    {
        if (HostNeeds.WhyNotRun() is not null) return;
        _node = await NodeFixture.StartAsync("--Im:KnownProxies:0=127.0.0.1");
        _nginx = NginxHost.Configure(_directory.Path, NginxHarness.Files, [new NodeEndPoint("127.0.0.1", _node.Http.Port, _node.WebSocket.Port, _node.Grpc.Port)]);
        await _nginx.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        if (_node is not null) await _node.DisposeAsync();
        _directory.Dispose();
    }

    [HostFact]
    public async Task Should_tell_a_client_s_own_address_when_it_came_through_the_door()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Forwarded-For", "6.6.6.6");
        using var from = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = ConnectFromAsync });
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_nginx.Port}/acc"), from, patience.Token);
        await socket.SendAsync("""{"seq":"1","cmd":"login","data":{"userId":"far","appId":101}}"""u8.ToArray(), WebSocketMessageType.Text, true, patience.Token);
        var buffer = new byte[1024];
        var reply = await socket.ReceiveAsync(buffer, patience.Token);
        Encoding.UTF8.GetString(buffer, 0, reply.Count).ShouldContain("\"code\":200");

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_nginx.Port}") };
        http.DefaultRequestHeaders.Add("x-api-key", _node.ApiKey);
        var connections = await http.GetFromJsonAsync<JsonElement>("/api/v1/apps/101/users/far/connections", patience.Token);

        connections.GetProperty("connections")[0].GetProperty("remoteAddress").GetString().ShouldStartWith("127.0.0.5");
    }

    [HostFact]
    public async Task Should_give_a_page_that_connects_through_the_same_door()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_nginx.Port}") };

        using var page = await http.GetAsync(new Uri("/", UriKind.Relative));

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain($"ws://127.0.0.1:{_nginx.Port}/acc");
    }

    [HostFact]
    public async Task Should_take_calls_of_back_ends_and_none_of_operators()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_nginx.GrpcPort}");
        var key = new Metadata { { "x-api-key", _node.ApiKey } };
        var deadline = DateTime.UtcNow + Patience;

        var online = await new PresenceService.PresenceServiceClient(channel).QueryOnlineAsync(new QueryOnlineRequest { App = 101, Users = { "nobody" } }, key, deadline);
        var refused = await Should.ThrowAsync<RpcException>(async () => await new AdminService.AdminServiceClient(channel).CollectAsync(new CollectRequest(), key, deadline));

        online.Users.ShouldHaveSingleItem().User.ShouldBe("nobody");
        refused.StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    private static async ValueTask<Stream> ConnectFromAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.5"), 0));
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
