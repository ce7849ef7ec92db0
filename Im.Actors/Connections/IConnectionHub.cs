namespace Im.Actors.Connections;

/// <summary>What the listener needs of the flow: a slot for a socket whose upgrade has succeeded.</summary>
public interface IConnectionHub
{
    /// <summary>The node's wheel; the listener puts its handshake deadlines on it.</summary>
    TimerWheel Wheel { get; }

    ConnectionLimits Limits { get; }

    /// <summary>False: the node drains or is full; the newcomer gets 503 before the upgrade.</summary>
    bool TryReserve();

    /// <summary>Gives back a reservation whose handshake failed.</summary>
    void Release();

    /// <summary>Spends a reservation: a ConnectionActor is started and the slot's deadlines run. Released when the actor stops.</summary>
    ConnectionSlot Open(ISocketTransport transport);

    /// <summary>A slot without an actor for the conformance echo, on the same lanes and limits. Spends a reservation; the caller releases it.</summary>
    /// <param name="create">Makes the slot on the lane it is given.</param>
    TSlot OpenBare<TSlot>(Func<EgressLane, ConnectionLimits, TSlot> create)
        where TSlot : OutboundSlot;
}
