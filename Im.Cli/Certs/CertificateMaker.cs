using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Im.Cli.Text;

namespace Im.Cli.Certs;

/// <summary>
/// A CA that signs nothing but the nodes of one cluster, and their certificates. Keys are ECDSA on P-256. Every certificate is
/// good from a day ago on, so that a node whose clock is behind accepts it.
/// </summary>
internal static class CertificateMaker
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <summary>Certificate and private key of a new CA, with its key.</summary>
    public static X509Certificate2 MakeAuthority(DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=ImAkka cluster CA {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - ClockSkew, now + lifetime);
    }

    /// <summary>A node's certificate with its private key. It never outlives the CA.</summary>
    /// <param name="hosts">Names and IP addresses by which others reach the node; the first is its common name.</param>
    public static X509Certificate2 MakeNode(X509Certificate2 authority, IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={hosts[0]}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse), new Oid(ClientUse)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(hosts));
        var end = now + lifetime;
        if (end > authority.NotAfter) end = authority.NotAfter;
        using var certificate = request.Create(authority, now - ClockSkew, end, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <exception cref="CertsException">The two files are no CA and its key.</exception>
    public static X509Certificate2 LoadAuthority(string certificatePath, string keyPath)
    {
        try
        {
            var authority = X509Certificate2.CreateFromPem(PemFiles.Read(certificatePath), PemFiles.Read(keyPath));
            if (authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(extension => extension.CertificateAuthority)) return authority;
            authority.Dispose();
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Said below.
        }

        throw new CertsException(Say.It($"{certificatePath} and {keyPath} are no CA and its key.", $"{certificatePath} 与 {keyPath} 不是一对 CA 证书和密钥。"));
    }

    public static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem();
    }

    private static X509Extension Names(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }

        return names.Build();
    }
}
