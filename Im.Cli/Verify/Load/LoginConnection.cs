using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>
/// One login on one socket, that never comes back by itself, written on the JSON: when it was let in, when it ended, and with which code. Given up when nothing is
/// heard for the time that the server tells for heartbeats.
/// </summary>
internal sealed class LoginConnection(Uri url, uint app, LoginFact fact, FactBook book) : IAsyncDisposable
{
    private const int Success = 200;
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly ClientWebSocket _socket = new();
    private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1);
    private Task _running = Task.CompletedTask;
    private TimeSpan _timeout = LoginLimit;

    public LoginFact Fact => fact;

    public bool IsLive => fact is { OnlineMs: not null, EndedMs: null };

    /// <summary>Connects and logs in.</summary>
    /// <returns>True once it is let in, false when it is not.</returns>
    public Task<bool> LoginAsync()
    {
        _running = RunAsync();
        return _answered.Task;
    }

    /// <summary>The client goes away, with a close frame.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            fact.IsLeft = true;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await TryAsync(() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token));
        }
        await _end.CancelAsync();
        await _running;
        _socket.Dispose();
        _sending.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var beating = Task.CompletedTask;
        try
        {
            _socket.Options.KeepAliveInterval = TimeSpan.Zero;
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token))
            {
                limit.CancelAfter(LoginLimit);
                await _socket.ConnectAsync(url, limit.Token);
            }
            await SendAsync("login", new { v = 2, appId = app, userId = fact.User, device = fact.Device, platform = "web", @try = fact.Try });
            while (await ReceiveAsync() is { } message)
            {
                if (fact.OnlineMs is not null || Text(message, "seq") != "login") continue;
                if (message.GetProperty("response").GetProperty("code").GetInt32() != Success) continue;
                beating = BeatAsync(message.GetProperty("response").GetProperty("data").GetProperty("hb"));
                fact.OnlineMs = book.NowMs;
                _answered.TrySetResult(true);
            }
            fact.CloseCode = (int?)_socket.CloseStatus;
        }
        catch (Exception lost) when (lost is WebSocketException or OperationCanceledException or IOException)
        {
            // Broken, refused at the door, or silent for too long.
        }
        finally
        {
            fact.EndedMs = book.NowMs;
            _socket.Abort();
            _answered.TrySetResult(false);
        }
        await beating;
    }

    /// <summary>Null at the end.</summary>
    private async Task<JsonElement?> ReceiveAsync()
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        silence.CancelAfter(_timeout);
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, silence.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    private async Task BeatAsync(JsonElement heartbeat)
    {
        var interval = TimeSpan.FromMilliseconds(heartbeat.GetProperty("intervalMs").GetInt64());
        _timeout = TimeSpan.FromMilliseconds(heartbeat.GetProperty("timeoutMs").GetInt64());
        try
        {
            while (fact.EndedMs is null)
            {
                await Task.Delay(interval, _end.Token);
                await SendAsync("heartbeat", new { });
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection has ended.
        }
    }

    private async Task SendAsync(string command, object data)
    {
        await _sending.WaitAsync(_end.Token);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { seq = command, cmd = command, data })), WebSocketMessageType.Text, true, _end.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception lost) when (lost is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone already.
        }
    }

    private static string? Text(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetString() : null;
}
