using Akka.Actor;
using Akka.Event;

namespace Im.Actors.Telemetry;

/// <summary>Counts messages to actors that were gone; logging each would flood when a thousand clients leave at once.</summary>
internal sealed class DeadLetterCounterActor : UntypedActor
{
    public static readonly Props Props = Props.Create(() => new DeadLetterCounterActor());

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void OnReceive(object message)
    {
        if (message is DeadLetter) ImMetrics.DeadLetter();
        else Unhandled(message);
    }
}
