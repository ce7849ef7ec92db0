using Im.Cli.Commands;

namespace Im.Tests.Support;

/// <summary>A CA and a node's certificate, made as an operator makes them.</summary>
internal static class Certificates
{
    /// <summary>Files <c>ca.crt</c>, <c>ca.key</c> and those of the first host.</summary>
    public static async Task MakeAsync(string directory, params string[] hosts)
    {
        await RunAsync("certs", "ca", "--out", directory);
        await RunAsync(["certs", "node", "--ca", directory, "--out", directory, .. hosts.SelectMany(host => new[] { "--host", host })]);
    }

    /// <summary>Options of a node that shows the certificate in this directory.</summary>
    public static string[] OptionsOf(string directory, string host, string? authority = null) =>
    [
        $"--Im:Cluster:Tls:Certificate={Path.Combine(directory, host + ".crt")}", $"--Im:Cluster:Tls:Key={Path.Combine(directory, host + ".key")}",
        $"--Im:Cluster:Tls:CaCertificate={authority ?? Path.Combine(directory, "ca.crt")}",
    ];

    private static async Task RunAsync(params string[] args)
    {
        var code = await ImCommand.Create().Parse(args).InvokeAsync();
        if (code != 0) throw new InvalidOperationException($"im {string.Join(' ', args)} ended with {code}");
    }
}
