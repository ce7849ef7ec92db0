using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Im.Cli.Verify.Hosts;

/// <summary>A CA of one run and a certificate for each of its nodes, as PEM files that only their owner reads.</summary>
internal sealed class NodeCertificates
{
    private readonly string _directory;

    private NodeCertificates(string directory) => _directory = directory;

    public string Authority => Path.Combine(_directory, "ca.crt");

    public string CertificateOf(int node) => PathOf(node, "crt");

    public string KeyOf(int node) => PathOf(node, "key");

    /// <param name="addresses">Of the nodes, in order.</param>
    public static async Task<NodeCertificates> MakeAsync(string directory, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        var certificates = new NodeCertificates(Directory.CreateDirectory(directory).FullName);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=im verify", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var authority = request.CreateSelfSigned(from, to);
        await File.WriteAllTextAsync(certificates.Authority, authority.ExportCertificatePem(), cancellation);
        for (var node = 0; node < addresses.Count; node++) await certificates.MakeNodeAsync(node, addresses[node], authority, (from, to), cancellation);
        return certificates;
    }

    private async Task MakeNodeAsync(int node, string address, X509Certificate2 authority, (DateTimeOffset From, DateTimeOffset To) valid, CancellationToken cancellation)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(authority, valid.From, valid.To, RandomNumberGenerator.GetBytes(12));
        await File.WriteAllTextAsync(CertificateOf(node), certificate.ExportCertificatePem(), cancellation);
        await File.WriteAllTextAsync(KeyOf(node), key.ExportPkcs8PrivateKeyPem(), cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyOf(node), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string PathOf(int node, string kind) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"node{node + 1}.{kind}"));
}
