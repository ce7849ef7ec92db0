using System.Net.WebSockets;
using System.Text;

namespace Im.Tests.Support;

/// <summary>A chat client that speaks raw text frames. Every wait is bounded, and one that runs out fails the test.</summary>
internal sealed class ChatSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    private ChatSocket() => _socket.Options.KeepAliveInterval = TimeSpan.Zero;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<ChatSocket> ConnectAsync(Uri address)
    {
        var socket = new ChatSocket();
        using var patience = new CancellationTokenSource(Patience);
        await socket._socket.ConnectAsync(address, patience.Token);
        return socket;
    }

    /// <summary>So many connections, all of which the server has.</summary>
    public static async Task<IReadOnlyList<ChatSocket>> ConnectAsync(Uri address, int count)
    {
        var sockets = new List<ChatSocket>();
        for (var i = 0; i < count; i++)
        {
            sockets.Add(await ConnectAsync(address));
            await sockets[i].DrainAsync();
        }

        return sockets;
    }

    /// <summary>Connects and logs in at level 0.</summary>
    public static async Task<ChatSocket> LogInAsync(Uri address, uint app, string user)
    {
        var socket = await ConnectAsync(address);
        var reply = await socket.AskAsync($$$"""{"seq":"login","cmd":"login","data":{"userId":"{{{user}}}","appId":{{{app}}}}}""");
        if (reply != """{"seq":"login","cmd":"login","response":{"code":200,"codeMsg":"Success","data":null}}""") throw new InvalidOperationException(reply);
        return socket;
    }

    public async Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text, bool endOfMessage = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage, patience.Token);
    }

    /// <returns>The next frame's text; null when the server has closed.</returns>
    public async Task<string?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (received.MessageType == WebSocketMessageType.Close) return null;
            if (received.MessageType != WebSocketMessageType.Text) throw new InvalidOperationException("The server sent a binary frame.");
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    /// <summary>Sends and takes the next frame as the answer.</summary>
    public async Task<string?> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReceiveAsync();
    }

    /// <summary>Everything that the server has sent so far: all frames before the answer to a ping that is sent now.</summary>
    public async Task<IReadOnlyList<string>> DrainAsync()
    {
        const string Pong = """{"seq":"drain","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""";
        await SendAsync("""{"seq":"drain","cmd":"ping"}""");
        var frames = new List<string>();
        while (await ReceiveAsync() is { } frame)
        {
            if (frame == Pong) return frames;
            frames.Add(frame);
        }

        throw new InvalidOperationException("The server closed the connection.");
    }

    /// <summary>Takes frames until one of them is the awaited one.</summary>
    public async Task<string> ReceiveUntilAsync(Func<string, bool> awaited)
    {
        while (await ReceiveAsync() is { } frame)
        {
            if (awaited(frame)) return frame;
        }

        throw new InvalidOperationException("The server closed the connection.");
    }

    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
