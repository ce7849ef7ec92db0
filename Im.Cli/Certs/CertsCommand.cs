using System.CommandLine;
using System.Globalization;
using Im.Cli.Commands;
using Im.Cli.Text;

namespace Im.Cli.Certs;

/// <summary><c>im certs</c>: the private CA of a cluster and the certificates by which its nodes know each other.</summary>
internal sealed class CertsCommand
{
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);

    private readonly Option<string> _out = new("--out") { Description = Say.It("directory of the files", "文件所在目录"), DefaultValueFactory = _ => "certs" };
    private readonly Option<bool> _force = new("--force") { Description = Say.It("replace files that are there", "覆盖已有文件") };
    private readonly Option<string> _ca = new("--ca") { Description = Say.It("directory of ca.crt and ca.key", "ca.crt 与 ca.key 所在目录"), DefaultValueFactory = _ => "certs" };
    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = Say.It("a name or IP address by which the other nodes reach it; may be given several times", "其他节点访问它所用的名称或 IP 地址；可重复指定"),
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _name = new("--name") { Description = Say.It("name of the files; not given: the first --host", "文件名；不写则取第一个 --host") };
    private readonly Option<int> _days = TargetOptions.Bounded("--days", 825, 1, 3650, Say.It("how long it holds", "有效天数"));

    public Command Create()
    {
        var ca = new Command("ca", Say.It("make the CA of a new cluster: ca.crt goes to every node, ca.key to none", "为新集群生成 CA：ca.crt 分发到每个节点，ca.key 不分发")) { _out, _force };
        ca.SetAction(result => Run(result, MakeAuthority));
        var node = new Command("node", Say.It("make the certificate of a node, signed by that CA", "用该 CA 为节点签发证书")) { _hosts, _name, _ca, _out, _days, _force };
        node.Validators.Add(result =>
        {
            foreach (var host in result.GetValue(_hosts) ?? [])
            {
                if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown) result.AddError(Say.It($"--host {host} is no host name and no IP address.", $"--host {host} 不是主机名或 IP 地址。"));
            }
        });
        node.SetAction(result => Run(result, MakeNode));
        return new Command("certs", Say.It("certificates by which the nodes of a cluster know each other", "集群节点相互识别所用的证书")) { ca, node };
    }

    private static int Run(ParseResult result, Action<ParseResult> make)
    {
        try
        {
            make(result);
            return 0;
        }
        catch (CertsException failure)
        {
            result.InvocationConfiguration.Error.WriteLine(failure.Message);
            return 2;
        }
    }

    private void MakeAuthority(ParseResult result)
    {
        var files = new CertificateFiles(result.GetValue(_out)!);
        if (!result.GetValue(_force)) files.RefuseToReplace(CertificateFiles.AuthorityName);
        using var authority = CertificateMaker.MakeAuthority(TimeProvider.System.GetUtcNow(), AuthorityLifetime);
        files.Write(CertificateFiles.AuthorityName, authority);
        var (certificate, key) = (files.CertificateOf(CertificateFiles.AuthorityName), files.KeyOf(CertificateFiles.AuthorityName));
        var output = result.InvocationConfiguration.Output;
        output.WriteLine(Say.It($"{certificate}   to every node (Im__Cluster__Tls__CaCertificate), good until {Date(authority.NotAfter)}", $"{certificate}   分发到每个节点（Im__Cluster__Tls__CaCertificate），有效期至 {Date(authority.NotAfter)}"));
        output.WriteLine(Say.It($"{key}   to no node: whoever has it can join the cluster", $"{key}   不要放到任何节点：持有者可加入集群"));
        output.WriteLine(Say.It("Next: im certs node --host <advertised host>, once for each node", "下一步：为每个节点执行 im certs node --host <对外公布的主机名>"));
    }

    private void MakeNode(ParseResult result)
    {
        var (files, ca, hosts) = (new CertificateFiles(result.GetValue(_out)!), new CertificateFiles(result.GetValue(_ca)!), result.GetValue(_hosts)!);
        var name = (result.GetValue(_name) ?? hosts[0].Trim('[', ']')).Replace(':', '_');
        if (name is CertificateFiles.AuthorityName || name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars())) throw new CertsException(Say.It($"--name {name} cannot be the name of a node's files.", $"--name {name} 不能用作节点的文件名。"));
        if (!result.GetValue(_force)) files.RefuseToReplace(name);
        using var authority = ca.LoadAuthority();
        using var certificate = CertificateMaker.MakeNode(authority, hosts, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(result.GetValue(_days)));
        files.Write(name, certificate);
        var output = result.InvocationConfiguration.Output;
        output.WriteLine(Say.It($"For {string.Join(", ", hosts)}, good until {Date(certificate.NotAfter)}:", $"用于 {string.Join("、", hosts)}，有效期至 {Date(certificate.NotAfter)}："));
        output.WriteLine($"Im__Cluster__Tls__Certificate={Path.GetFullPath(files.CertificateOf(name))}");
        output.WriteLine($"Im__Cluster__Tls__Key={Path.GetFullPath(files.KeyOf(name))}");
        output.WriteLine($"Im__Cluster__Tls__CaCertificate={Path.GetFullPath(ca.CertificateOf(CertificateFiles.AuthorityName))}");
    }

    private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
