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
    private const int UnderWay = 20_000;
    private const int Grain = 500;
    private const int Rounds = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        using var near = Start("near");
        using var far = Start("far");
        using var credit = new SemaphoreSlim(UnderWay);
        var counter = far.ActorOf(Props.Create(() => new Counter(credit)).WithDispatcher("im.lane-dispatcher"), "counter");
        var farAddress = ((ExtendedActorSystem)far).Provider.DefaultAddress;
        var remote = await near.ActorSelection(new RootActorPath(farAddress) / "user" / "counter").ResolveOne(TimeSpan.FromSeconds(10));
        var link = await OpenLinkAsync(near, far, farAddress, counter);
        Console.WriteLine($"{"text",8}{"way",10}{"pushes/s",12}{"CPU µs/push, both ends",26}{"MB/s of text",16}");
        foreach (var textBytes in new[] { 200, 2_000 })
        {
            var push = Push(textBytes);
            for (var round = 1; round <= Rounds; round++)
            {
                await PassAsync("remote", textBytes, credit, () => remote.Tell(push, ActorRefs.NoSender));
                await PassAsync("link", textBytes, credit, () => link.Tell(new NodeLink.Outgoing(remote, "", LinkRegion.Sessions, push, ActorRefs.NoSender)));
            }
        }
    }

    private static async Task PassAsync(string way, int textBytes, SemaphoreSlim credit, Action send)
    {
        await SendAsync(credit, send, WarmUp);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var (count, elapsed) = await SendAsync(credit, send, Time);
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var perSecond = count / elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{textBytes,8}{way,10}{perSecond,12:N0}{used.TotalMicroseconds / count,26:N2}{perSecond * textBytes / 1e6,16:N1}"));
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
                await TakeAsync(credit);
                send();
            }
        }

        while (count % Grain != 0 || credit.CurrentCount < UnderWay) await Task.Delay(1);
        return (count, Stopwatch.GetElapsedTime(started));
    }

    private static async Task TakeAsync(SemaphoreSlim credit)
    {
        if (!await credit.WaitAsync(TimeSpan.FromSeconds(30))) throw new TimeoutException("Nothing has arrived for 30 s.");
    }

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

    /// <summary>Gives back the credit for what has arrived, some hundred at a time.</summary>
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
