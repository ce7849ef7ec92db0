using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;
using BenchmarkDotNet.Attributes;
using Im.Actors;
using Im.Actors.Nodes.Gate;

namespace Im.Benchmarks;

/// <summary>What the node's gate adds to a message of an entity: its mailbox asks before it gives.</summary>
public class GateBenchmarks
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private ActorSystem _system = null!;
    private NodeGate _gate = null!;
    private IMessageQueue _plain = null!;
    private IMessageQueue _gated = null!;
    private Envelope _envelope;

    [GlobalSetup]
    public void Setup()
    {
        _system = ActorSystem.Create("bench");
        _gate = NodeGate.Of(_system);
        _gate.Start(TimeProvider.System, Patience);
        _plain = new RingMailbox(_system.Settings, Config.Empty).Create(ActorRefs.Nobody, _system);
        _gated = new GatedMailbox(_system.Settings, Config.Empty).Create(ActorRefs.Nobody, _system);
        _envelope = new Envelope("message", ActorRefs.NoSender);
    }

    [GlobalCleanup]
    public void Cleanup() => _system.Terminate().Wait();

    [Benchmark]
    public bool IsOpen() => _gate.IsOpen;

    [Benchmark(Baseline = true)]
    public bool ThroughThePlainMailbox()
    {
        _plain.Enqueue(ActorRefs.Nobody, _envelope);
        return _plain.TryDequeue(out _);
    }

    /// <summary>A method of its own, so that each is compiled for the one mailbox that it sees.</summary>
    [Benchmark]
    public bool ThroughTheGatedMailbox()
    {
        _gated.Enqueue(ActorRefs.Nobody, _envelope);
        return _gated.TryDequeue(out _);
    }
}
