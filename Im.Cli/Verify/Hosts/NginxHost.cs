using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Im.Cli.Bench;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;
using Im.Cli.Verify.Faults;

namespace Im.Cli.Verify.Hosts;

/// <summary>Where a node listens.</summary>
internal sealed record NodeEndPoint(string Host, int Http, int WebSocket, int Grpc);

/// <summary>An nginx of our own on loopback with the files of <c>docker/nginx/im</c>, which are the ones that operators use.</summary>
internal sealed class NginxHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _directory;
    private ChildProcess? _process;
    private int _starts;

    private NginxHost(string directory, int port, int grpcPort)
    {
        _directory = directory;
        Port = port;
        GrpcPort = grpcPort;
    }

    /// <summary>Pages, API and <c>/acc</c>.</summary>
    public int Port { get; }

    public int GrpcPort { get; }

    public string ConfigurationPath => Path.Combine(_directory, "nginx.conf");

    /// <param name="files">The directory <c>docker/nginx/im</c>.</param>
    public static NginxHost Configure(string directory, string files, IReadOnlyList<NodeEndPoint> nodes)
    {
        var ports = FreePorts.Take(2);
        var nginx = new NginxHost(Directory.CreateDirectory(directory).FullName, ports[0], ports[1]);
        File.WriteAllText(nginx.ConfigurationPath, nginx.Text(files, nodes));
        return nginx;
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var log = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"nginx-{++_starts:00}.log"));
        _process = ChildProcess.Start(HostPrograms.Nginx, ["-p", _directory, "-c", ConfigurationPath], new Dictionary<string, string>(), _directory, log);
        var started = Stopwatch.GetTimestamp();
        while (!await ListensAsync(cancellation))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
                throw new BenchException(Say.It("nginx did not start: ", "nginx 未能启动：") + await File.ReadAllTextAsync(log, cancellation));
            await Task.Delay(20, cancellation);
        }
    }

    /// <summary>What <c>nginx -t</c> says of the configuration; the exit code is 0 when it is good.</summary>
    public Task<(int Code, string Output)> TestAsync() => HostCommand.TryAsync(HostPrograms.Nginx, "-p", _directory, "-c", ConfigurationPath, "-t");

    /// <summary>New workers; the old ones keep their connections.</summary>
    public void Reload() => Signals.Send(_process!.Id, Signals.HangUp);

    /// <summary>Master and workers at once, with all connections.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> ListensAsync(CancellationToken cancellation)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", Port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Text(string files, IReadOnlyList<NodeEndPoint> nodes)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');

        if (Environment.UserName == "root") Line("user root;");
        Line("daemon off;");
        Line("worker_processes 1;");
        Line("pid nginx.pid;");
        Line("error_log nginx-error.log warn;");
        Line("events { worker_connections 16384; }");
        Line("worker_rlimit_nofile 32768;");
        Line("http {");
        Line("  access_log off;");
        foreach (var kind in new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }) Line($"  {kind}_temp_path temp-{kind};");
        Line($"  include {files}/proxy.conf;");
        // As in upstreams.conf, which says why.
        Upstream("im_websocket_ready", node => node.WebSocket, "max_fails=1 fail_timeout=2s", keeps: false);
        Upstream("im_websocket", node => node.WebSocket, "max_fails=0", keeps: false);
        Upstream("im_http", node => node.Http, "max_fails=1 fail_timeout=2s", keeps: true);
        Upstream("im_grpc", node => node.Grpc, "max_fails=1 fail_timeout=2s", keeps: true);
        Line($"  server {{ listen 127.0.0.1:{Port} backlog=4096; include {files}/chat.conf; }}");
        Line($"  server {{ listen 127.0.0.1:{GrpcPort} http2; include {files}/grpc.conf; }}");
        Line("}");
        return text.ToString();

        void Upstream(string name, Func<NodeEndPoint, int> port, string failures, bool keeps)
        {
            Line($"  upstream {name} {{ zone {name} 64k;");
            foreach (var node in nodes) Line(string.Create(CultureInfo.InvariantCulture, $"    server {node.Host}:{port(node)} {failures};"));
            if (keeps) Line("    keepalive 32;");
            Line("  }");
        }
    }
}
