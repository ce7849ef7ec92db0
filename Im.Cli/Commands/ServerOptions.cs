using System.CommandLine;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>The running node's HTTP interface, and the app.</summary>
internal sealed class ServerOptions
{
    public Option<Uri> Api { get; } = new("--api") { DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"), CustomParser = result => TargetOptions.ParseUri(result)!, Description = Say.It("HTTP address of the node", "节点的 HTTP 地址") };

    public Option<string?> ApiKey { get; } = new("--api-key") { Description = Say.It("API key (data/secrets.json); or the variable IM_API_KEY", "API 密钥（data/secrets.json）；或环境变量 IM_API_KEY") };

    public Option<uint> App { get; } = new("--app") { DefaultValueFactory = _ => 101, Description = Say.It("application id", "应用 ID") };

    public void AddTo(Command command)
    {
        command.Options.Add(Api);
        command.Options.Add(ApiKey);
        command.Options.Add(App);
    }

    public string? KeyOf(ParseResult result) => result.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("IM_API_KEY");
}
