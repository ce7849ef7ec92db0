using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Im.Node.Sockets;

/// <summary>What the WebSocket listener is told at its start; the bounds of a connection are in ConnectionLimits.</summary>
internal sealed record WebSocketListenerOptions
{
    /// <summary><see cref="IPAddress.IPv6Any"/> takes IPv4 too.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one, see <see cref="WebSocketListener.EndPoint"/>.</summary>
    public int Port { get; init; } = 8089;

    public string Path { get; init; } = "/acc";

    /// <summary>Answers 200 as long as a newcomer would be let in, and 503 otherwise: for a proxy that wants to know before it sends one.</summary>
    public string ReadyPath { get; init; } = "/readyz";

    /// <summary>Adds <see cref="EchoPath"/>, which sends every message back; otherwise that path answers 404.</summary>
    public bool ConformanceEcho { get; init; }

    public string EchoPath { get; init; } = "/echo";

    /// <summary>Names that may be selected when a client offers them; with none, offers are not read.</summary>
    public IReadOnlyList<string> SubProtocols { get; init; } = [];

    /// <summary>Networks of peers whose X-Forwarded-For is believed.</summary>
    public IReadOnlyList<IPNetwork> KnownProxies { get; init; } = [];

    /// <summary>Head of the upgrade request, the empty line included; above it 431.</summary>
    public int HeadMaxBytes { get; init; } = 8 * 1024;

    /// <summary>From the accept until the upgrade is answered; after it 408.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sockets that have not upgraded yet; the one above is closed at once.</summary>
    public int HandshakesMaxCount { get; init; } = 16 * 1024;

    /// <summary>Sockets that the kernel holds for us; it may cut this to its own limit.</summary>
    public int BacklogCount { get; init; } = 4096;

    /// <summary>File handles that the process may have; near it newcomers get 503. 0 asks the system.</summary>
    public int HandlesMaxCount { get; init; }

    /// <summary>How many accepts are under way at once.</summary>
    public int AcceptLoopsCount { get; init; } = 2;
}
