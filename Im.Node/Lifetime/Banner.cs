using System.Globalization;
using System.Net;
using System.Text;
using Im.Node.Configuration;
using Im.Node.Health;

namespace Im.Node.Lifetime;

/// <summary>What a stranger needs to know once the node is ready: every URL, where the secrets are (never what they are), how to stop.</summary>
internal static class Banner
{
    public static string Text(ImOptions options, NodeAddresses addresses, NodeSecrets secrets, TimeSpan sinceStart)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"ImAkka {NodeVersion.Text} is ready after {sinceStart.TotalSeconds:F1} s · 已就绪");
        Line("Chat page 聊天页面", addresses.Http);
        Line("WebSocket 长连接", addresses.WebSocket);
        Line("gRPC", $"{addresses.Grpc} (HTTP/2 without TLS)");
        Line("API docs 接口文档", new Uri(addresses.Http, "docs"));
        Line("Health 健康检查", new Uri(addresses.Metrics, HealthEndpoints.ReadyPath));
        Line("Metrics 指标", new Uri(addresses.Metrics, "metrics"));
        Line("Data 数据目录", Path.GetDirectoryName(secrets.Path)!);
        Line("Secrets 密钥文件", $"{secrets.Path} (apiKey, jwtKey)");
        Line("Mode 运行模式", Mode(options));
        Line("Connections 连接上限", options.WebSocket.EffectiveMaxConnectionsCount());
        text.Append("Stop with Ctrl+C · 按 Ctrl+C 停止");
        return text.ToString();

        void Line(string name, object value) => text.AppendLine(CultureInfo.InvariantCulture, $"  {Pad(name)}{value}");
    }

    private static string Mode(ImOptions options)
    {
        if (options.Auth.Mode == AuthMode.Jwt) return $"jwt, tokens signed by {options.Auth.Jwt.JwksUrl ?? "the node's key (im token --user alice)"} · 令牌模式";
        return IPAddress.IsLoopback(IPAddress.Parse(options.BindAddress))
            ? "guest, this machine only: userId is taken as given · 访客模式，仅限本机"
            : $"guest on {options.BindAddress}, INSECURE: anyone who reaches it chats under any name · 访客模式对外开放，不安全";
    }

    /// <summary>Pads to a column; a Chinese character takes two cells of a terminal.</summary>
    private static string Pad(string name)
    {
        const int Column = 24;
        var cells = name.Sum(character => character >= 0x2E80 ? 2 : 1);
        return name + new string(' ', Math.Max(1, Column - cells));
    }
}
