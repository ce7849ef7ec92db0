namespace Im.Cli.Bench.Wire;

/// <summary>
/// SignalR's JSON hub protocol over a bare WebSocket (no negotiation): records end with 0x1E; type 1 invokes, 3 completes, 6 is a ping. The login is the protocol handshake,
/// the join a hub method that adds the connection to a group.
/// </summary>
internal sealed class SignalRWire : IWire
{
    private const byte RecordEnd = 0x1E;

    public string Name => "signalr json";

    /// <summary>The server drops a client that is silent for 30 s.</summary>
    public TimeSpan KeepAliveInterval => TimeSpan.FromSeconds(12);

    public int Login(Span<byte> target, int user) => Record("""{"protocol":"json","version":1}"""u8, target);

    public int Join(Span<byte> target, int user) => Record("""{"type":1,"invocationId":"2","target":"Join","arguments":[]}"""u8, target);

    public int Verify(Span<byte> target) => Record("""{"type":1,"invocationId":"3","target":"Heartbeat","arguments":[]}"""u8, target);

    public int KeepAlive(Span<byte> target) => Record("""{"type":6}"""u8, target);

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes)
    {
        var front = """{"type":1,"invocationId":"4","target":"Send","arguments":["""u8;
        front.CopyTo(target);
        var at = front.Length;
        target[at++] = (byte)'"';
        Marker.Write(target[at..], number, sentAt);
        target.Slice(at + Marker.Length, sizeBytes - Marker.Length).Fill((byte)'x');
        at += sizeBytes;
        return at + Record("\"]}"u8, target[at..]);
    }

    public int Read(ReadOnlySpan<byte> message, out WireMessage read)
    {
        var end = message.IndexOf(RecordEnd);
        var record = end < 0 ? message : message[..end];
        read = Classify(record);
        return end < 0 ? Math.Max(message.Length, 1) : end + 1;
    }

    private static WireMessage Classify(ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":1,"u8))
            return Marker.TryRead(record, out var number, out var sentAt) ? new WireMessage(WireKind.Broadcast, Number: number, SentAt: sentAt) : default;
        if (record.StartsWith("{\"type\":3,\"invocationId\":\""u8))
        {
            var code = record.IndexOf("\"error\""u8) < 0 ? 200 : 500;
            return record[26] switch
            {
                (byte)'2' => WireMessage.Reply(Step.Join, code),
                (byte)'3' => WireMessage.Reply(Step.Verify, code),
                (byte)'4' => new WireMessage(WireKind.Sent, Code: code),
                _ => default,
            };
        }
        if (record.SequenceEqual("{}"u8)) return WireMessage.Reply(Step.Login, 200);
        return record.StartsWith("{\"error\""u8) ? WireMessage.Reply(Step.Login, 500) : default;
    }

    private static int Record(ReadOnlySpan<byte> json, Span<byte> target)
    {
        json.CopyTo(target);
        target[json.Length] = RecordEnd;
        return json.Length + 1;
    }
}
