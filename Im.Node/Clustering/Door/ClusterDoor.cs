using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;

namespace Im.Node.Clustering.Door;

/// <summary>
/// Stands before the remoting port. Akka checks a certificate of whoever connects, but not for whom the connection speaks, and takes
/// any number of connections that say nothing. Here a node speaks for the hosts that its certificate names and for no other, and
/// of those that have not said who they are <see cref="WaitingMaxCount"/> are held: one more, and the oldest has to go, so that they
/// can keep nobody else out. Akka itself ends whoever takes longer than its time-out (15 s).
/// </summary>
/// <param name="tls">Null when the nodes speak plain TCP: then nobody is asked who he is.</param>
internal sealed class ClusterDoor(ClusterTls? tls, RefusalLog refusals)
{
    internal const int WaitingMaxCount = 256;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, Waiting> _waiting = [];

    /// <param name="Certificate">In DER, once it was shown and found good.</param>
    /// <param name="WhyRefused">Once it was found bad.</param>
    private sealed record Waiting(InboundHandle Handle, byte[]? Certificate = null, string? WhyRefused = null);

    /// <summary>Connections that have not said who they are.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    public void Opened(InboundHandle handle)
    {
        Waiting? oldest = null;
        lock (_lock)
        {
            _waiting.Remove(handle.Peer);
            if (_waiting.Count == WaitingMaxCount)
            {
                oldest = _waiting.GetAt(0).Value;
                _waiting.RemoveAt(0);
            }

            _waiting.Add(handle.Peer, new Waiting(handle));
        }

        if (oldest is null) return;
        refusals.Report(oldest.Handle.Peer, $"it is the oldest of {WaitingMaxCount} connections that did not say who they are");
        oldest.Handle.Drop("too many wait");
    }

    /// <summary>Keeps a certificate that is one of this cluster's for the moment when its owner says who he is.</summary>
    public void Shown(string peer, byte[] certificate) => Note(peer, waiting => waiting with { Certificate = certificate });

    /// <summary>The certificate is none of this cluster's. The transport ends the connection.</summary>
    public void Refused(string peer, string why) => Note(peer, waiting => waiting with { WhyRefused = why });

    /// <summary>Judges the first message of a connection.</summary>
    public bool LetsIn(InboundHandle handle, ByteString first)
    {
        if (Take(handle) is not { } waiting) return false;
        if (tls is null) return true;
        var why = WhyNot(waiting, AssociateOrigin.HostIn(first));
        if (why is null) return true;
        refusals.Report(handle.Peer, why);
        handle.Drop(why);
        return false;
    }

    /// <summary>The connection is over; nothing when it was let in before.</summary>
    public void Ended(InboundHandle handle)
    {
        if (Take(handle) is { } waiting) refusals.Report(handle.Peer, waiting.WhyRefused ?? Silent);
    }

    private string Silent => tls is null ? "it ended before it said who it is" : "it spoke no TLS, showed no certificate, or ended before it said who it is";

    private static string? WhyNot(Waiting waiting, string? host)
    {
        if (waiting.Certificate is null) return "it shows no certificate";
        if (host is null) return "its first message is not that of a node";
        using var certificate = X509CertificateLoader.LoadCertificate(waiting.Certificate);
        return ClusterTls.Names(certificate, host) ? null : $"it says that it is {ClusterTls.Short(host)}, which its certificate ({ClusterTls.Short(certificate.Subject)}) does not name";
    }

    private void Note(string peer, Func<Waiting, Waiting> change)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(peer, out var waiting)) _waiting[peer] = change(waiting);
        }
    }

    private Waiting? Take(InboundHandle handle)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(handle.Peer, out var waiting) || waiting.Handle != handle) return null;
            _waiting.Remove(handle.Peer);
            return waiting;
        }
    }
}
