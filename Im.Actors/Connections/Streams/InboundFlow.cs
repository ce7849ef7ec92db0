using System.Buffers;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Im.Actors.Nodes.Gate;
using Im.Actors.Telemetry;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Streams;

/// <summary>
/// The whole way of a client's message from its lane to its ConnectionActor:
/// <code>channel → size guard → decode → rate limit → gate → tell</code>
/// One graph per lane for the life of the node. No step waits: what comes while the node's gate is closed is held behind the graph and
/// counts as in the lane, so that the sockets wait. A message that a step cannot handle ends its own
/// connection and no other.
/// </summary>
internal static class InboundFlow
{
    public static IRunnableGraph<Task<Done>> Create(IngressLane lane, GateQueue<Inbound> decoded) =>
        ChannelSource.FromReader(lane.Reader)
            .Select(GuardSize)
            .Select(Decode)
            .Select(LimitRate)
            .ToMaterialized(Sink.ForEach<Inbound>(decoded.Pass), Keep.Right)
            .WithAttributes(ActorAttributes.CreateDispatcher("im.lane-dispatcher"));

    /// <summary>The parser of a real socket refuses these before they are read; other transports may not.</summary>
    internal static Inbound GuardSize(Inbound inbound)
    {
        if (inbound.Length > inbound.Slot.Limits.MessageMaxBytes) inbound.Input = new ConnectionInput.Poison(inbound.Length, CloseCode.TooBig);
        return inbound;
    }

    internal static Inbound Decode(Inbound inbound)
    {
        if (inbound.Kind == InboundKind.Closed)
        {
            inbound.Input = ConnectionInput.SocketClosed.Instance;
            return inbound;
        }

        ImMetrics.Received(inbound.Length);
        inbound.Input ??= DecodePayload(inbound);
        if (inbound.Buffer.Length > 0) ArrayPool<byte>.Shared.Return(inbound.Buffer);
        return inbound;
    }

    internal static Inbound LimitRate(Inbound inbound)
    {
        if (inbound.Input is ConnectionInput.Command command && !inbound.Slot.TakeRateToken())
        {
            inbound.Input = new ConnectionInput.OverRate(command.Bytes, command.Seq, command.Name);
        }

        return inbound;
    }

    private static ConnectionInput DecodePayload(Inbound inbound)
    {
        try
        {
            return RequestEnvelope.TryRead(inbound.Payload, out var envelope)
                ? new ConnectionInput.Command(inbound.Length, envelope.Seq, envelope.Command, envelope.Data, inbound.Kind == InboundKind.Binary) { IsAmbiguous = envelope.IsAmbiguous }
                : new ConnectionInput.Illegal(inbound.Length, inbound.Kind == InboundKind.Binary);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new ConnectionInput.Poison(inbound.Length, CloseCode.InternalError);
        }
    }

    internal static void Tell(Inbound inbound, IngressLane lane)
    {
        inbound.Slot.Deliver(inbound.Input!);
        lane.Passed();
    }
}
