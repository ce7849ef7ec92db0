using Im.Protocol.WebSockets;
using Im.Tests.Support;
using static Im.Tests.Sockets.Rfc6455Case;

namespace Im.Tests.Sockets;

/// <summary>RFC 6455 §5.5.1 and §7: the client's close is answered with its code; a bad one is refused.</summary>
internal static class CloseCases
{
    private static readonly int[] ValidCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];

    private static readonly int[] InvalidCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

    public static IEnumerable<Rfc6455Case> All()
    {
        foreach (var code in ValidCodes)
        {
            yield return Closed($"close {code}", ClientFrames.Close(code), code);
            yield return Closed($"close {code} with a reason", ClientFrames.Close(code, "再见"), code);
        }

        foreach (var code in InvalidCodes)
        {
            yield return Refused($"close {code}", 1002, ClientFrames.Close(code));
            yield return Refused($"close {code} with a reason", 1002, ClientFrames.Close(code, "bye"));
        }

        yield return Closed("close without a body", ClientFrames.Encode(Opcode.Close, []), 1005);
        yield return Closed("close with the longest reason", ClientFrames.Close(1000, new string('x', 123)), 1000);
        yield return Refused("close with one byte", 1002, ClientFrames.Encode(Opcode.Close, [3]));
        yield return Refused("close with a reason that is not UTF-8", 1007, ClientFrames.Close(1000, [0xCE, 0xBA, 0xED, 0xA0, 0x80]));
        yield return Refused("close with a reason that is cut", 1007, ClientFrames.Close(1000, [0xE4, 0xBD]));
        yield return Closed("close behind a message", ClientFrames.Close(1000), 1000, ClientFrames.Text("last"), Rfc6455Answer.Text("last"));
        yield return Closed("close inside a fragmented message", ClientFrames.Close(1001), 1001, ClientFrames.Text("half", final: false));
        yield return Closed("message behind a close", ClientFrames.Join(ClientFrames.Close(1000), ClientFrames.Text("late")), 1000);
        yield return Closed("ping behind a close", ClientFrames.Join(ClientFrames.Close(1000), ClientFrames.Ping("late")), 1000);
        yield return Closed("two closes", ClientFrames.Join(ClientFrames.Close(1000), ClientFrames.Close(1001)), 1000);
        yield return Closed("garbage behind a close", ClientFrames.Join(ClientFrames.Close(1000), [0xFF, 0xFF, 0xFF]), 1000);
    }
}
