namespace Im.Node.Security;

/// <summary>
/// The ports as they are bound. They differ from the configured ones when those are 0. Whoever opens the WebSocket port writes
/// it here; 0 until then.
/// </summary>
internal sealed class BoundPorts
{
    private volatile int _http;
    private volatile int _webSocket;

    public int Http { get => _http; set => _http = value; }

    public int WebSocket { get => _webSocket; set => _webSocket = value; }
}
