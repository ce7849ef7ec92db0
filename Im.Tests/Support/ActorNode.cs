using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Im.Actors;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Sessions;
using Im.Node.Clustering;
using Im.Node.Composition;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Im.Tests.Support;

/// <summary>The actors of a node on a cluster of one, with the tuning and the commands of the real node and no socket.</summary>
internal sealed class ActorNode : IAsyncDisposable
{
    private const string OneNode = """
        akka { loglevel = WARNING, stdout-loglevel = OFF, loggers = []
          actor.provider = cluster
          coordinated-shutdown.run-by-actor-system-terminate = off
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
        """;

    /// <summary>Shorter than the 20 s after which Akka gives up what blocks a start, so that such a start fails here.</summary>
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(18);

    private ActorNode(ActorSystem system, ImActors actors, MemoryStore store)
    {
        Store = store;
        System = system;
        Actors = actors;
    }

    public ActorSystem System { get; }

    public MemoryStore Store { get; }

    public ImActors Actors { get; }

    public ConnectionHub Hub => Actors.Hub;

    public IBroker Broker => Actors.Broker;

    public static async Task<ActorNode> StartAsync(
        ConnectionLimits? limits = null, ConversationSettings? conversations = null, IEnumerable<ICommandHandler>? more = null, int lanes = 2, MemoryStore? store = null,
        IdentityServices? identity = null, TimeProvider? time = null)
    {
        var handlers = new ServiceCollection().AddImCommands().BuildServiceProvider().GetServices<ICommandHandler>();
        var settings = new ImActorsSettings(
            "n1", new HashSet<uint> { 101, 102 }, limits ?? new ConnectionLimits(), 10_000, conversations ?? ConversationSettings.Default, lanes);
        var parts = new Parts();
        store ??= new MemoryStore();
        time ??= TimeProvider.System;
        var actors = new ImActors(settings, [.. handlers, .. more ?? []], store, identity ?? IdentityServices.Guest(time), parts, time);
        var system = ActorSystem.Create(ImActorSystem.Name, ConfigurationFactory.ParseString(OneNode).WithFallback(ImActorSystem.Tuning()));
        var cluster = Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
        actors.Start(system);
        await parts.AllReady.WaitAsync(StartBound);
        return new ActorNode(system, actors, store);
    }

    public MemoryClient Connect(bool answersClose = true) => new(Hub, answersClose);

    public async Task<MemoryClient> Level0Async(string user, uint app = 101)
    {
        var client = Connect();
        await client.LoginLevel0Async(user, app);
        return client;
    }

    public async Task<MemoryClient> Level2Async(string user, string device, params string[] rooms)
    {
        var client = Connect();
        await client.LoginLevel2Async(user, device);
        foreach (var room in rooms) await client.AskAsync("join-" + room, "join", $$"""{"conv":"{{room}}"}""");
        return client;
    }

    /// <summary>ConnectionActors that live, under all their parents.</summary>
    public int ConnectionActorsCount() => ((ActorRefWithCell)((ExtendedActorSystem)System).Guardian).Children
        .OfType<ActorRefWithCell>()
        .Where(actor => actor.Path.Name.StartsWith("im-connections-", StringComparison.Ordinal))
        .Sum(actor => actor.Children.Count());

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        Actors.Dispose();
    }

    private sealed class Parts : INodeParts
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> _parts = [];

        public Task AllReady => _ready.Task;

        public void Ready(string part)
        {
            lock (_parts)
            {
                if (_parts.Add(part) && _parts.Count == 2) _ready.TrySetResult();
            }
        }

        public void NotReady(string part, string why)
        {
            lock (_parts) _parts.Remove(part);
        }
    }
}

/// <summary>One node for the classes of a collection; each test uses users and rooms of its own.</summary>
public sealed class ActorNodeFixture : IAsyncLifetime
{
    internal ActorNode Node { get; private set; } = null!;

    public async Task InitializeAsync() => Node = await ActorNode.StartAsync();

    public async Task DisposeAsync() => await Node.DisposeAsync();
}

/// <summary>Nodes are counted per process, so the classes that look at counts run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ActorNodeTests : ICollectionFixture<ActorNodeFixture>
{
    public const string Name = "actor node";
}
