using Microsoft.AspNetCore.SignalR;

namespace Im.Cli.Peer;

/// <summary>The least that a SignalR application needs for a room: a group, and a broadcast to the others in it.</summary>
internal sealed class PeerHub(PeerConnections connections) : Hub
{
    private const string Room = "bench";

    public override Task OnConnectedAsync()
    {
        connections.Add(1);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Add(-1);
        return Task.CompletedTask;
    }

    public Task Join() => Groups.AddToGroupAsync(Context.ConnectionId, Room);

    public Task Send(string text) => Clients.OthersInGroup(Room).SendAsync("msg", text);

#pragma warning disable CA1822 // Hub methods are found on the instance.
    public void Heartbeat()
    {
    }
#pragma warning restore CA1822
}

/// <summary>How many connections the hub has.</summary>
internal sealed class PeerConnections
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(int change) => Interlocked.Add(ref _count, change);
}
