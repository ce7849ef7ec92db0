using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Im.Protocol;

namespace Im.Client.Transport;

/// <summary>
/// One WebSocket from its connection attempt to its end. What it hears it gives to its listener in order and waits until it was taken, so a client
/// that is busy does not read. At most <see cref="MaxOutgoingCount"/> messages wait to be written; one more ends the socket.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2213", Justification = "The source has no timer and is used after the end.")]
internal sealed class SocketConnection(ISocketListener listener, ImChatClientOptions options) : IDisposable
{
    private const int MaxOutgoingCount = 4096;

    private readonly CancellationTokenSource _end = new();
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxOutgoingCount) { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _message = new(4096);

    /// <summary>Queues a message; a socket that has ended or cannot take more ends, and its listener is told.</summary>
    public void Send(byte[] json)
    {
        if (!_outgoing.Writer.TryWrite(json)) _end.Cancel();
    }

    /// <summary>Connects, then reads until the end. Never throws.</summary>
    public async Task RunAsync()
    {
        string? token;
        try
        {
            token = options.TokenProvider is { } provider ? await provider(_end.Token).AsTask().WaitAsync(_end.Token).ConfigureAwait(false) : null;
            _socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await _socket.ConnectAsync(options.Url, _end.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The token provider is the application's: whatever it throws is a failed attempt.
            await listener.OnConnectFailedAsync(this, failure.Message).ConfigureAwait(false);
            return;
        }
        await listener.OnOpenedAsync(this, token).ConfigureAwait(false);
        var writing = WriteAsync();
        var (code, reason) = await ReadAsync().ConfigureAwait(false);
        _outgoing.Writer.TryComplete();
        await writing.ConfigureAwait(false);
        await listener.OnClosedAsync(this, code, reason).ConfigureAwait(false);
    }

    /// <summary>Ends the socket; its listener may still be told of it once.</summary>
    public void GiveUp()
    {
        _outgoing.Writer.TryComplete();
        _ = LingerAsync();
    }

    public void Dispose()
    {
        // The source stays usable: what the loop still wants to send meets a socket that is over, not an exception.
        _end.Cancel();
        _socket.Dispose();
    }

    private async Task LingerAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
            }
            await _end.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            _socket.Abort();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var json in _outgoing.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                await _socket.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, _end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            _outgoing.Writer.TryComplete();
        }
    }

    private async Task<(int Code, string? Reason)> ReadAsync()
    {
        try
        {
            while (true)
            {
                await listener.WaitUntilWantedAsync(_end.Token).ConfigureAwait(false);
                if (!await ReceiveAsync().ConfigureAwait(false)) return ((int?)_socket.CloseStatus ?? (int)CloseCode.NoStatus, _socket.CloseStatusDescription);
                var message = JsonElement.Parse(_message.WrittenSpan);
                await listener.OnMessageAsync(this, message).ConfigureAwait(false);
            }
        }
        catch (JsonException broken)
        {
            _socket.Abort();
            return ((int)CloseCode.Abnormal, broken.Message);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            return ((int)CloseCode.Abnormal, ended.Message);
        }
    }

    /// <summary>One whole message; false when the server closed.</summary>
    private async ValueTask<bool> ReceiveAsync()
    {
        _message.ResetWrittenCount();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_message.GetMemory(4096), _end.Token).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            _message.Advance(part.Count);
            if (part.EndOfMessage) return true;
        }
    }

    private static bool IsEnd(Exception failure) => failure is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException;
}
