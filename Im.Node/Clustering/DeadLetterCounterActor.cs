using Akka.Actor;
using Akka.Event;
using Im.Actors.Telemetry;

namespace Im.Node.Clustering;

/// <summary>Counts messages to actors that were gone; the log of them is off (hocon/im.conf).</summary>
internal sealed class DeadLetterCounterActor : UntypedActor
{
    public static Props Create() => Props.Create(() => new DeadLetterCounterActor());

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Context.System.EventStream.Subscribe(Self, typeof(Dropped));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AllDeadLetters: ImMetrics.DeadLetter(); break;
            default: Unhandled(message); break;
        }
    }
}
