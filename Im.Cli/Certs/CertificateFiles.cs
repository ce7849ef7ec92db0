using System.Security.Cryptography.X509Certificates;

namespace Im.Cli.Certs;

/// <summary>The PEM files of a cluster in one directory: a certificate and its key under each name, of which <c>ca</c> is the CA's.</summary>
internal sealed class CertificateFiles(string directory)
{
    public const string AuthorityName = "ca";

    public string CertificateOf(string name) => Path.Combine(directory, name + ".crt");

    public string KeyOf(string name) => Path.Combine(directory, name + ".key");

    /// <exception cref="CertsException">They are there already.</exception>
    public void RefuseToReplace(string name) => PemFiles.RefuseToReplace(CertificateOf(name), KeyOf(name));

    /// <summary>The key first, so that a certificate is never there without it.</summary>
    public void Write(string name, X509Certificate2 certificate)
    {
        PemFiles.Write(KeyOf(name), CertificateMaker.KeyPem(certificate));
        PemFiles.Write(CertificateOf(name), certificate.ExportCertificatePem());
    }

    /// <exception cref="CertsException">There is no CA and its key.</exception>
    public X509Certificate2 LoadAuthority() => CertificateMaker.LoadAuthority(CertificateOf(AuthorityName), KeyOf(AuthorityName));
}
