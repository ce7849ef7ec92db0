using Im.Actors.Edge;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(ActorNodeTests.Name)]
public sealed class LeakSpecs : IAsyncLifetime
{
    private ActorNode _node = null!;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_leave_nothing_behind_when_1000_connections_came_and_went()
    {
        for (var round = 0; round < 10; round++)
        {
            var clients = Enumerable.Range(0, 100).Select(_ => _node.Connect()).ToArray();
            var logins = clients.Select((client, i) => i % 2 == 0 ? client.LoginLevel0Async($"leak-{i}") : client.LoginLevel2Async($"leak-{i}", $"device-{i:0000}"));
            await Task.WhenAll(logins);
            foreach (var client in clients) client.Cut();
        }

        await NothingIsLeftAsync();
        AllPlacesAreFree();
    }

    [Fact]
    public async Task Should_leave_nothing_behind_when_connections_go_in_the_middle_of_their_login()
    {
        for (var i = 0; i < 300; i++)
        {
            var client = _node.Connect();
            if (i % 2 == 0) client.Send("1", "login", $$"""{"userId":"early-{{i % 20}}","appId":101}""");
            else client.Send("1", "login", $$"""{"v":2,"userId":"early-{{i % 20}}","appId":101,"device":"device-{{i % 20:0000}}","platform":"web","cursors":{"r:early":["e",0]} }""");
            client.Cut();
        }

        await NothingIsLeftAsync();
        for (var i = 0; i < 20; i++) (await _node.Broker.PushToUserAsync(Pushes.ToUser($"early-{i}", "anybody?"), default)).State.ShouldBe(DeliveryState.Offline);
        await NothingIsLeftAsync();
        AllPlacesAreFree();
    }

    private async Task NothingIsLeftAsync()
    {
        var hub = _node.Hub;
        await Until.TrueAsync(
            () => hub.Table.Count == 0 && _node.Actors.LoggedIn == 0 && _node.Actors is { Sessions: 0, Conversations: 0 },
            () => $"{hub.Table.Count} connections, {_node.Actors.LoggedIn} logged in, {_node.Actors.Sessions} sessions, {_node.Actors.Conversations} conversations");
        await Until.TrueAsync(() => _node.ConnectionActorsCount() == 0);
        await Until.TrueAsync(() => hub.Wheel.Count == 0);
        await Until.TrueAsync(() => hub.IngressLanes.Sum(lane => lane.Depth) == 0 && hub.Backlog == 0);
    }

    private void AllPlacesAreFree()
    {
        for (var i = 0; i < _node.Hub.Table.MaxCount; i++) _node.Hub.TryReserve().ShouldBeTrue();
        _node.Hub.TryReserve().ShouldBeFalse();
    }
}
