using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Event;
using Im.Actors;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Sessions;
using Im.Node.Clustering;
using Im.Node.Composition;
using Im.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Im.Tests.Support;

/// <summary>The actors of a node with the tuning and the commands of the real one and no socket; alone, or one of an <see cref="ActorCluster"/>.</summary>
internal sealed class ActorNode : IAsyncDisposable
{
    private const string Common = """
        akka { loglevel = WARNING, stdout-loglevel = OFF, loggers = []
          actor.provider = cluster
          coordinated-shutdown.run-by-actor-system-terminate = off }
        """;

    private const string Loopback = """akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }""";

    /// <summary>Shorter than the 20 s after which Akka gives up what blocks a start, so that such a start fails here.</summary>
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(18);

    private readonly Parts _parts;
    private readonly ConcurrentQueue<string> _refused = new();

    private ActorNode(string name, ActorSystem system, ImActors actors, MemoryStore store, Parts parts)
    {
        Name = name;
        Store = store;
        System = system;
        Actors = actors;
        _parts = parts;
        var listener = system.ActorOf(Props.Create(() => new RefusedListener(_refused)));
        system.EventStream.Subscribe(listener, typeof(Error));
        system.EventStream.Subscribe(listener, typeof(Warning));
    }

    /// <summary>As in connection ids: <c>n1</c>.</summary>
    public string Name { get; }

    public ActorSystem System { get; }

    public MemoryStore Store { get; }

    public ImActors Actors { get; }

    public ConnectionHub Hub => Actors.Hub;

    public IBroker Broker => Actors.Broker;

    public Cluster Cluster => Cluster.Get(System);

    public Address Address => Cluster.SelfAddress;

    /// <summary>Parts that have ended, and why: a real process would end with them.</summary>
    public IReadOnlyList<string> LostParts => _parts.LostParts;

    /// <summary>Messages that could not be written or read, as they were logged.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>A node that is alone in its cluster and ready.</summary>
    public static async Task<ActorNode> StartAsync(
        ConnectionLimits? limits = null, ConversationSettings? conversations = null, IEnumerable<ICommandHandler>? more = null, int lanes = 2, MemoryStore? store = null,
        IdentityServices? identity = null, TimeProvider? time = null, string hocon = "", TimeProvider? gateClock = null)
    {
        var node = Start("n1", hocon + "\n" + Loopback, limits, conversations, more, lanes, store, identity, time, gateClock);
        node.Cluster.Join(node.Address);
        await node.ReadyAsync();
        return node;
    }

    /// <summary>Starts the actors and joins nobody; <see cref="ReadyAsync"/> comes back after the caller has joined it.</summary>
    /// <param name="hocon">Goes before the tuning of the real node: the transport at least.</param>
    public static ActorNode Start(
        string name, string hocon, ConnectionLimits? limits = null, ConversationSettings? conversations = null, IEnumerable<ICommandHandler>? more = null, int lanes = 2,
        MemoryStore? store = null, IdentityServices? identity = null, TimeProvider? time = null, TimeProvider? gateClock = null, TimeSpan? gatePatience = null)
    {
        var handlers = new ServiceCollection().AddImCommands().BuildServiceProvider().GetServices<ICommandHandler>();
        var settings = new ImActorsSettings(
            name, new HashSet<uint> { 101, 102 }, limits ?? new ConnectionLimits(), 10_000, conversations ?? ConversationSettings.Default, lanes)
        {
            GatePatience = gatePatience ?? TimeSpan.FromSeconds(10),
            GateClock = gateClock ?? NeverStill.Instance,
        };
        var parts = new Parts();
        store ??= new MemoryStore();
        time ??= TimeProvider.System;
        var actors = new ImActors(settings, [.. handlers, .. more ?? []], store, identity ?? IdentityServices.Guest(time), parts, time);
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(Common)).WithFallback(ImActorSystem.Tuning());
        var system = ActorSystem.Create(ImActorSystem.Name, config);
        actors.Start(system);
        return new ActorNode(name, system, actors, store, parts);
    }

    public async Task ReadyAsync()
    {
        try
        {
            await _parts.AllReady.WaitAsync(StartBound);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} did not become ready. Refused:\n{string.Join('\n', _refused)}");
        }
    }

    /// <summary>Each time that a part was said not to be ready.</summary>
    public IReadOnlyList<string> NotReadyParts => _parts.NotReadyParts;

    /// <param name="part">One of <see cref="NodePart"/>.</param>
    public bool IsReady(string part) => _parts.Has(part);

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
        await UntilTakenAsync(async again =>
        {
            if (again) client = Connect();
            return await client.LoginLevel2Async(user, device);
        });
        foreach (var room in rooms) await UntilTakenAsync(_ => client.AskAsync("join-" + room, "join", $$"""{"conv":"{{room}}"}"""));
        return client;
    }

    /// <summary>Refused for a while, when the owner does not answer in time: a client comes again then.</summary>
    private static async Task UntilTakenAsync(Func<bool, Task<Received>> ask)
    {
        for (var tries = 0; (await ask(tries > 0)).Code == (int)ReplyCode.Overloaded && tries < 5; tries++)
        {
        }
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

    private sealed class RefusedListener(ConcurrentQueue<string> refused) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is LogEvent log && log.ToString()!.Contains("erializ", StringComparison.Ordinal)) refused.Enqueue(log.ToString()!);
        }
    }

    private sealed class Parts : INodeParts
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> _parts = [];
        private readonly List<string> _lost = [];
        private readonly List<string> _unready = [];

        public Task AllReady => _ready.Task;

        public string[] LostParts
        {
            get { lock (_parts) return [.. _lost]; }
        }

        public string[] NotReadyParts
        {
            get { lock (_parts) return [.. _unready]; }
        }

        public bool Has(string part)
        {
            lock (_parts) return _parts.Contains(part);
        }

        public void Lost(string part, string why)
        {
            lock (_parts) _lost.Add($"{part}: {why}");
        }

        public void Ready(string part)
        {
            lock (_parts)
            {
                if (_parts.Add(part) && _parts.Count == 3) _ready.TrySetResult();
            }
        }

        public void NotReady(string part, string why)
        {
            lock (_parts)
            {
                _parts.Remove(part);
                _unready.Add(part);
            }
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
