using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Im.Node.Configuration;

namespace Im.Node.Clustering;

/// <summary>Reads the PEM files of a node and says in one line what is wrong with them, before anything is opened.</summary>
internal static class ClusterTlsFiles
{
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    /// <summary>The certificates, or null when the nodes speak plain TCP or there are no others.</summary>
    /// <exception cref="StartupException">A file is missing, unreadable or does not fit the others.</exception>
    public static ClusterTls? Load(ImOptions options, DateTimeOffset now)
    {
        var cluster = options.Cluster;
        if (cluster.SeedNodes.Count == 0 || cluster.Tls.Mode == ClusterTlsMode.Off) return null;
        var certificate = ReadPair(cluster.Tls.Certificate!, cluster.Tls.Key!);
        var authorities = ReadAuthorities(cluster.Tls.CaCertificate!);
        var tls = new ClusterTls(certificate, authorities);
        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
            throw Wrong("Certificate", $"{cluster.Tls.Certificate} has expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}", "make a new one with im certs node");
        var host = ClusterAddress.HostOf(options);
        if (!ClusterTls.Names(certificate, host))
            throw Wrong("Certificate", $"{cluster.Tls.Certificate} does not name {host}, by which the other nodes reach this one", $"make one with im certs node --host {host}, or set Im__Cluster__AdvertisedHost to a name that it has");
        if ((tls.WhyRefused(certificate, host) ?? tls.WhyRefused(certificate, host: null)) is { } why)
            throw Wrong("Certificate", $"{cluster.Tls.Certificate} would be refused by the other nodes ({why})", $"take a certificate that the CA in {cluster.Tls.CaCertificate} has signed (im certs node)");
        return tls;
    }

    private static X509Certificate2 ReadPair(string certificatePath, string keyPath)
    {
        var certificate = Read("Certificate", certificatePath);
        var key = Read("Key", keyPath);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyPath) & Others) != 0)
            throw Wrong("Key", $"{keyPath} may be read by other users", $"run: chmod 600 {keyPath}");
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw Wrong("Certificate", $"{certificatePath} and the key {keyPath} are no pair in PEM", "take both from the same run of im certs node");
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Read("CaCertificate", path));
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        return authorities.Count > 0 ? authorities : throw Wrong("CaCertificate", $"{path} holds no certificate in PEM", "take ca.crt as im certs ca has made it");
    }

    private static string Read(string setting, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Wrong(setting, $"{path} cannot be read: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}", "make the files with im certs");
        }
    }

    private static StartupException Wrong(string setting, string what, string remedy) =>
        new(ExitCodes.Configuration, $"Im:Cluster:Tls:{setting}: {what}; {remedy}; set Im__Cluster__Tls__{setting}");
}
