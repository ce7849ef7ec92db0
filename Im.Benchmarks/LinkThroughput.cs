using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Im.Actors.Connections;
using Im.Actors.Links;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Benchmarks;

/// <summary>
/// How many pushes a second two nodes can hand over: as single messages of Akka.Remote, and through the link of ours that packs them. Both nodes are actor
/// systems of this process with the tuning of the real one, over TCP on loopback and without TLS, and share its processors.
/// </summary>
internal static class LinkThroughput
{
    /// <summary>Below what a link holds before it refuses, which is 9 MiB.</summary>
    private const int UnderWayBytes = 4 * 1024 * 1024;

    private const int UnderWayMax = 20_000;
    private const int Grain = 50;
    private const int Rounds = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static int s_underWay;

    public static async Task RunAsync()
    {
        using var near = Start("near");
        using var far = Start("far");
        using var credit = new SemaphoreSlim(0);
        var counter = far.ActorOf(Props.Create(() => new Counter(credit)).WithDispatcher("im.lane-dispatcher"), "counter");
        var farAddress = ((ExtendedActorSystem)far).Provider.DefaultAddress;
        var remote = await near.ActorSelection(new RootActorPath(farAddress) / "user" / "counter").ResolveOne(TimeSpan.FromSeconds(10));
        var link = await OpenLinkAsync(near, far, farAddress, counter);
        Console.WriteLine($"{"text",8}{"way",10}{"pushes/s",12}{"CPU µs/push, both ends",26}");
        foreach (var textBytes in new[] { 200, 2_000 })
        {
            var push = Push(textBytes);
            // A push has its text in both of its forms, of level 0 and 2.
            Allow(credit, Math.Min(UnderWayMax, UnderWayBytes / (2 * textBytes + 300)) / Grain * Grain);
            for (var round = 1; round <= Rounds; round++)
            {
                await PassAsync("remote", textBytes, credit, () => remote.Tell(push, ActorRefs.NoSender));
                await PassAsync("link", textBytes, credit, () => link.Tell(new NodeLink.Outgoing(remote, "", LinkRegion.Sessions, push, ActorRefs.NoSender)));
            }
        }
    }

    /// <summary>So many may be under way from now on; none is.</summary>
    private static void Allow(SemaphoreSlim credit, int count)
    {
        while (credit.Wait(0))
        {
        }

        s_underWay = count;
        credit.Release(count);
    }

    private static async Task PassAsync(string way, int textBytes, SemaphoreSlim credit, Action send)
    {
        await SendAsync(credit, send, WarmUp);
        var cpu = Environment.CpuUsage.TotalTime;
        var (count, elapsed) = await SendAsync(credit, send, Time);
        var used = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{textBytes,8}{way,10}{count / elapsed.TotalSeconds,12:N0}{used.TotalMicroseconds / count,26:N2}"));
    }

    /// <summary>Returns when all have arrived.</summary>
    private static async Task<(long Count, TimeSpan Elapsed)> SendAsync(SemaphoreSlim credit, Action send, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var count = 0L;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            for (var i = 0; i < Grain; i++, count++)
            {
                if (!await credit.WaitAsync(Patience)) throw NothingCame(credit);
                send();
            }
        }

        for (var sent = Stopwatch.GetTimestamp(); credit.CurrentCount < s_underWay; await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(sent) > Patience) throw NothingCame(credit);
        }

        return (count, Stopwatch.GetElapsedTime(started));
    }

    private static TimeoutException NothingCame(SemaphoreSlim credit) =>
        new($"For {Patience.TotalSeconds} s nothing has arrived; {s_underWay - credit.CurrentCount} of {s_underWay} are under way or lost.");

    private static async Task<NodeLink> OpenLinkAsync(ActorSystem near, ActorSystem far, Address farAddress, IActorRef sessions)
    {
        var receiver = far.ActorOf(LinkReceiverActor.Create(sessions, ActorRefs.Nobody), "receiver");
        var door = await near.ActorSelection(new RootActorPath(farAddress) / "user" / receiver.Path.Name).ResolveOne(TimeSpan.FromSeconds(10));
        var links = LinkTable.Of(near);
        near.ActorOf(NodeLinkActor.Create(farAddress, door, links, TimeProvider.System));
        while (links.IsEmpty) await Task.Delay(10);
        return links.Find(farAddress)!;
    }

    private static SessionCommands.Push Push(int textBytes)
    {
        var content = new PushContent("m", "msg", "text", new string('a', textBytes), "bob", "r:tea", "k1", 42, null, null, 0);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Record, "r:tea"), new Frame(PushWriter.Level2(content), FrameKind.Record, "r:tea"));
        return new SessionCommands.Push(new UserKey(new AppId(101), new UserId("alice")), "01JDQ0Z7Q4M7Y3W8V5X2N9K6BC", frames, [], ActorRefs.Nobody);
    }

    private static ActorSystem Start(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("hocon/im.conf")!;
        using var reader = new StreamReader(stream);
        return ActorSystem.Create(name, ConfigurationFactory.ParseString("""
            akka { loglevel = WARNING, actor.provider = remote, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            """).WithFallback(ConfigurationFactory.ParseString(reader.ReadToEnd())));
    }

    /// <summary>Gives back the credit for what has arrived, some at a time.</summary>
    private sealed class Counter(SemaphoreSlim credit) : UntypedActor
    {
        private int _arrived;

        protected override void OnReceive(object message)
        {
            if (message is not SessionCommands.Push)
            {
                Unhandled(message);
                return;
            }

            if (++_arrived % Grain == 0) credit.Release(Grain);
        }
    }
}
