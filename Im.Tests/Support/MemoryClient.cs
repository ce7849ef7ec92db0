using System.Diagnostics;
using System.Text.Json;
using Im.Actors.Connections;
using Im.Protocol.WebSockets;
using Shouldly;

namespace Im.Tests.Support;

/// <summary>A client of the flow without a socket: sends text into its slot and reads what the slot wrote.</summary>
internal sealed class MemoryClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private readonly ServerFrames _frames = new();
    private readonly List<Received> _received = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;

    public MemoryClient(IConnectionHub hub, bool answersClose = true)
    {
        Transport = new MemoryTransport { Taken = OnBytes, AnswersClose = answersClose };
        hub.TryReserve().ShouldBeTrue("the hub takes no connection");
        Slot = hub.Open(Transport);
        Transport.Slot = Slot;
    }

    public MemoryTransport Transport { get; }

    public ConnectionSlot Slot { get; }

    /// <summary>The code of the server's close frame, or 0.</summary>
    public int ClosedWith { get; private set; }

    /// <summary>Everything received so far.</summary>
    public Received[] All
    {
        get { lock (_gate) return [.. _received]; }
    }

    /// <returns>False: the flow asks to pause.</returns>
    public bool Send(string text, bool binary = false) => Slot.Receive(System.Text.Encoding.UTF8.GetBytes(text), binary);

    public bool Send(string seq, string cmd, string? data = null) =>
        Send(data is null ? $$"""{"seq":"{{seq}}","cmd":"{{cmd}}"}""" : $$"""{"seq":"{{seq}}","cmd":"{{cmd}}","data":{{data}}}""");

    /// <summary>The peer goes without a close frame.</summary>
    public void Cut()
    {
        Transport.Break();
        Transport.End(1006);
    }

    public async Task<Received> AskAsync(string seq, string cmd, string? data = null)
    {
        Send(seq, cmd, data);
        return await NextAsync(message => message.Cmd == cmd && message.Seq == seq);
    }

    /// <summary>The next message that fits, reading past others; each is given once.</summary>
    public async Task<Received> NextAsync(Func<Received, bool> fits)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task news;
            lock (_gate)
            {
                while (_read < _received.Count)
                {
                    if (fits(_received[_read++])) return _received[_read - 1];
                }

                news = _news.Task;
            }

            var left = Patience - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) throw new ShouldAssertException($"The message did not come. Received:\n{string.Join('\n', All.Select(m => m.Text))}");
            await news.WaitAsync(left).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    public Task<Received> NextPushAsync(string cmd) => NextAsync(message => message.IsPush && message.Cmd == cmd);

    public async Task<int> ClosedAsync()
    {
        await Until.TrueAsync(() => Slot.ClosedWith != 0, () => $"The connection did not close. Received: {string.Join('\n', All.Select(m => m.Text))}");
        return ClosedWith != 0 ? ClosedWith : Slot.ClosedWith;
    }

    /// <summary>So many messages fit that have come so far.</summary>
    public int Count(Func<Received, bool> fits) => All.Count(fits);

    public Task<Received> LoginLevel0Async(string user, uint app = 101) =>
        AskAsync("login-" + user, "login", $$"""{"userId":"{{user}}","appId":{{app}}}""");

    public Task<Received> LoginLevel2Async(string user, string device, string more = "", uint app = 101) =>
        AskAsync("login-" + user, "login", $$"""{"v":2,"userId":"{{user}}","appId":{{app}},"device":"{{device}}","platform":"web"{{more}}}""");

    private void OnBytes(byte[] bytes)
    {
        lock (_gate)
        {
            foreach (var frame in _frames.Read(bytes))
            {
                if (frame.Opcode == Opcode.Close) ClosedWith = frame.CloseCode;
                else _received.Add(new Received(frame.Text));
            }

            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>A reply or push as a client reads it; text that is no JSON has only <see cref="Text"/>.</summary>
internal sealed record Received(string Text)
{
    private readonly JsonElement? _root = Parse(Text);

    public string Seq => Member("seq");

    public string Cmd => Member("cmd");

    public int Code => Response.GetProperty("code").GetInt32();

    public JsonElement Data => Response.GetProperty("data");

    /// <summary>Pushes say <c>Ok</c>, replies <c>Success</c> or an error.</summary>
    public bool IsPush => _root is not null && Response.GetProperty("codeMsg").GetString() == "Ok";

    /// <summary>The user of an enter, an exit or a message.</summary>
    public string From => Data.GetProperty("from").GetString()!;

    public string Message => Data.GetProperty("msg").GetString()!;

    private JsonElement Response => _root!.Value.GetProperty("response");

    private string Member(string name) => _root is { } root ? root.GetProperty(name).GetString()! : "";

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
