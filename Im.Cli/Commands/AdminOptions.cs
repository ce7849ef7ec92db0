using System.CommandLine;
using Im.Cli.Nodes;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>The node that operators ask.</summary>
internal sealed class AdminOptions
{
    private readonly Option<Uri> _api = new("--api") { DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"), CustomParser = result => TargetOptions.ParseUri(result)!, Description = Say.It("HTTP address of any node, past the proxy", "任一节点自身的 HTTP 地址（不经代理）") };
    private readonly Option<string?> _apiKey = new("--api-key") { Description = Say.It("API key with the scope admin (data/secrets.json); or the variable IM_API_KEY", "具有 admin 权限的 API 密钥（data/secrets.json）；或环境变量 IM_API_KEY") };

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        command.Options.Add(_apiKey);
    }

    public AdminClient Open(ParseResult result) => new(result.GetValue(_api)!, result.GetValue(_apiKey) ?? Environment.GetEnvironmentVariable("IM_API_KEY"));
}
