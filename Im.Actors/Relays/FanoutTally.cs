using Akka.Actor;

namespace Im.Actors.Relays;

/// <summary>Sums what the lanes of one node made of a fan-out; the last lane sends the report.</summary>
internal sealed class FanoutTally(string messageId, string node, int lanes, IActorRef reportTo)
{
    private int _left = lanes;
    private int _members;
    private int _queued;
    private int _dropped;

    public void Add(int members, int queued, int dropped)
    {
        Interlocked.Add(ref _members, members);
        Interlocked.Add(ref _queued, queued);
        Interlocked.Add(ref _dropped, dropped);
        if (Interlocked.Decrement(ref _left) == 0) reportTo.Tell(new RelayEvents.FanoutReport(messageId, node, _members, _queued, _dropped));
    }
}
