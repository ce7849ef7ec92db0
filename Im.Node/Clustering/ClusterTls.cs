using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Hosting;
using Im.Node.Clustering.Door;

namespace Im.Node.Clustering;

/// <summary>
/// Who may speak to this node on the remoting port: whoever shows a certificate that the cluster's own CA has signed. Nothing
/// else is trusted, whatever the machine trusts. A node that is connected to must also be named in its certificate.
/// </summary>
internal sealed class ClusterTls
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private const int ShownMaxLength = 100;

    private readonly X509Certificate2Collection _authorities;

    internal ClusterTls(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        _authorities = authorities;
    }

    /// <summary>This node's own, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>For Akka's transport.</summary>
    /// <param name="door">Hears what those show that connect to this node.</param>
    public SslOptions ToSslOptions(ClusterDoor door) => new()
    {
        X509Certificate = Certificate,
        SuppressValidation = false,
        RequireMutualAuthentication = true,
        ValidateCertificateHostname = true,
        CustomValidator = (certificate, _, peer, _, log) => Validate(certificate, peer, door, log),
    };

    /// <summary>Why this certificate is not accepted, or null.</summary>
    /// <param name="host">The name by which the other side was connected to; null when it connected to us.</param>
    public string? WhyRefused(X509Certificate2? certificate, string? host)
    {
        if (certificate is null) return "it shows no certificate";
        using var chain = new X509Chain { ChainPolicy = Policy(host is null ? ClientUse : ServerUse) };
        if (!chain.Build(certificate))
            return $"its certificate ({Short(certificate.Subject)}) is not one of this cluster's: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";
        if (host is not null && !Names(certificate, host)) return $"its certificate ({Short(certificate.Subject)}) does not name {host}";
        return null;
    }

    /// <summary>Whether the certificate names the host, an IPv6 address in brackets or without.</summary>
    public static bool Names(X509Certificate2 certificate, string host) => certificate.MatchesHostname(host.Trim('[', ']'), allowWildcards: true, allowCommonName: false);

    /// <summary>Text of a stranger's that goes into a line of the log.</summary>
    public static string Short(string text) => text.Length <= ShownMaxLength ? text : string.Concat(text.AsSpan(0, ShownMaxLength), "…");

    private X509ChainPolicy Policy(string use)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new Oid(use));
        return policy;
    }

    /// <param name="peer">Where we connected to as an Akka address, or the end point that connected to us.</param>
    private bool Validate(X509Certificate2? certificate, string peer, ClusterDoor door, ILoggingAdapter log)
    {
        var host = Address.TryParse(peer, out var address) ? address.Host : null;
        var why = WhyRefused(certificate, host);
        if (host is not null)
        {
            if (why is not null) log.Warning("Refused {0}, to which this node connected: {1}", peer, why);
        }
        else if (why is null) door.Shown(peer, certificate!.RawData);
        else door.Refused(peer, why);
        return why is null;
    }
}
