using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Tests.Security;

/// <summary>Sends bytes as they stand and reads all that the server says until it ends the connection.</summary>
internal static class RawExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="silence">So long without a word is the end as well, where the server may keep the connection; not given: only its end is.</param>
    public static async Task<string> AskAsync(int port, string request, TimeSpan? silence = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        var answer = new StringBuilder();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            patience.CancelAfter(silence ?? Patience);
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var length)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
                patience.CancelAfter(silence ?? Patience);
            }
        }
        catch (SocketException)
        {
            // Reset: what it said before counts.
        }
        catch (OperationCanceledException) when (silence is not null)
        {
            // Kept for the next request.
        }

        return answer.ToString();
    }

    /// <summary>The statuses of the answers in it.</summary>
    public static IReadOnlyList<int> StatusesOf(string answers) =>
        [.. answers.Split("HTTP/1.1 ").Skip(1).Select(static answer => int.Parse(answer.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture))];
}
