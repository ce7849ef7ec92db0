using System.CommandLine;
using Im.Cli.Bench.Report;
using Im.Cli.Doctor;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im doctor</c>: is this machine set for a node with so many connections, and what has to be set?</summary>
internal sealed class DoctorCommand
{
    private readonly Option<int> _connections = TargetOptions.Bounded("--connections", 18_000, 1, 10_000_000, Say.It("that one node should hold", "单个节点应承载的连接数"));
    private readonly Option<int[]?> _ports = new("--ports") { Description = Say.It("of the node: HTTP, gRPC and WebSocket, such as 8080,9001,8089", "节点端口：HTTP、gRPC、WebSocket，例如 8080,9001,8089"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--ports") };
    private readonly Option<string> _data = new("--data") { DefaultValueFactory = _ => Environment.CurrentDirectory, Description = Say.It("directory of the node's data, for the disk's sync rate (default: here)", "节点数据目录，用于测量磁盘同步速率（默认：当前目录）") };
    private readonly Option<bool> _json = new("--json") { Description = Say.It("print the result as JSON", "以 JSON 输出结果") };

    public Command Create()
    {
        var command = new Command("doctor", Say.It("check file limits, ports, kernel settings, disk, memory and clock, and say what to set and why", "检查文件限制、端口、内核参数、磁盘、内存与时钟，并说明该设置什么、为什么"))
        {
            _connections, _ports, _data, _json,
        };
        command.Validators.Add(result =>
        {
            if (result.TryRead(_ports, out var ports) && ports is { Length: > 0 } && (ports.Length != DoctorPlan.DefaultPorts.Count || ports.Any(port => port is < 1 or > 65_535)))
                result.AddError(Say.It("--ports are three, 1 to 65535: HTTP, gRPC and WebSocket.", "--ports 为三个端口（1 到 65535）：HTTP、gRPC、WebSocket。"));
        });
        command.SetAction(result => Run(result));
        return command;
    }

    private int Run(ParseResult result)
    {
        if (!OperatingSystem.IsLinux())
        {
            result.InvocationConfiguration.Error.WriteLine(Say.It("im doctor knows Linux only.", "im doctor 只支持 Linux。"));
            return Verdict.Failed;
        }

        var console = new BenchConsole(result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, result.GetValue(_json), terminal: false);
        var ports = result.GetValue(_ports) is { Length: > 0 } given ? [.. given.Zip(DoctorPlan.DefaultPorts, (port, usual) => (port, usual.Variable))] : DoctorPlan.DefaultPorts;
        var report = DoctorReport.Of(new DoctorPlan(result.GetValue(_connections), ports, result.GetValue(_data)!), new SystemFiles("/"), KernelClock.IsSynchronized());
        DoctorPrinter.Print(console, report);
        console.Result(report);
        return Verdict.ExitCode(report.Fits);
    }
}
