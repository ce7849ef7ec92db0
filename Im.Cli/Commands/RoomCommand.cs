using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench room</c>: what a delivery to each member of a large room costs.</summary>
internal sealed class RoomCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForRoom);
    private readonly Option<int[]> _members = Several("--members", 10_000, Say.It("members of a room, who receive; several, such as 100,1000,10000, take turns in each round", "每个房间的接收成员数；多个值（如 100,1000,10000）每轮交替"));
    private readonly Option<int[]> _rooms = Several("--rooms", 1, Say.It("rooms of so many members each, broadcast to in turn; several, such as 1,10,100, take turns in each round", "房间数，依次广播；多个值（如 1,10,100）每轮交替"));
    private readonly Option<int> _messages = TargetOptions.Bounded("--messages", 200, 1, 10_000_000, Say.It("broadcasts that are measured", "测量的广播条数"));
    private readonly Option<int> _deliveries = TargetOptions.Bounded("--deliveries", 0, 0, int.MaxValue, Say.It("as many broadcasts as come to so many deliveries, whatever the members; 0: --messages", "广播条数按总投递数计算，与成员数无关；0 表示用 --messages"));
    private readonly Option<int> _warmUp = TargetOptions.Bounded("--warm-up", 30, 0, 100_000, Say.It("broadcasts before them", "预热的广播条数"));
    private readonly Option<int[]> _inFlight = new("--in-flight") { DefaultValueFactory = _ => [1], Description = Say.It("broadcasts under way at once; several, such as 1,8, are measured one after the other", "同时进行的广播数；多个值（如 1,8）依次测量"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--in-flight") };
    private readonly Option<int> _rate = TargetOptions.Bounded("--rate", 0, 0, 100_000, Say.It("broadcasts a second, whose latencies count from when each was due; 0: as fast as --in-flight allows", "每秒广播数，延迟从各条应发送的时刻算起；0 表示在 --in-flight 允许下尽快"));
    private readonly Option<int?> _peerRate = new("--peer-rate") { Description = Say.It("the peer's, when it is to be less (default: --rate)", "对照服务器的速率（默认与 --rate 相同）") };
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 200, Marker.Length, 16 * 1024, Say.It("bytes of the text", "文本字节数"));
    private readonly Option<int> _rounds = TargetOptions.Bounded("--rounds", 1, 1, 1000, Say.It("rounds; with --peer, or several numbers of --nodes, all take turns in each", "轮数；使用 --peer 或多个 --nodes 时每轮各方交替"));
    private readonly Option<int> _window = TargetOptions.Bounded("--window", 256, 1, 100_000, Say.It("connects or logins under way at once", "同时进行的连接或登录数"));
    private readonly PeerOptions _peer = new();

    public Command Create()
    {
        _inFlight.Validators.Add(result =>
        {
            if (result.TryRead(_inFlight, out var depths) && depths is not null && depths.Any(depth => depth is < 1 or > Broadcaster.MaxInFlight))
                result.AddError(Say.It($"--in-flight is 1 to {Broadcaster.MaxInFlight}.", $"--in-flight 的范围是 1 到 {Broadcaster.MaxInFlight}。"));
        });
        _peerRate.Validators.Add(result =>
        {
            if (result.TryRead(_peerRate, out var rate) && rate is < 1 or > 100_000) result.AddError(Say.It("--peer-rate is 1 to 100,000.", "--peer-rate 的范围是 1 到 100,000。"));
        });
        var command = new Command("room", Say.It("broadcast into one room: deliveries per second, server CPU per delivery, latency", "向一个房间广播：每秒投递数、每次投递的服务器 CPU、延迟"))
        {
            _members, _rooms, _messages, _deliveries, _warmUp, _inFlight, _rate, _peerRate, _size, _rounds, _window,
        };
        command.Validators.Add(result =>
        {
            if (result.TryRead(_rate, out var rate) && rate > 0 && result.GetResult(_inFlight) is { Implicit: false }) result.AddError(Say.It("--rate and --in-flight exclude each other.", "--rate 与 --in-flight 不能同时使用。"));
            if (result.TryRead(_deliveries, out var deliveries) && deliveries > 0 && result.GetResult(_messages) is { Implicit: false }) result.AddError(Say.It("--deliveries and --messages exclude each other.", "--deliveries 与 --messages 不能同时使用。"));
            if (result.TryRead(_rooms, out var rooms) && rooms is not null && rooms.Any(count => count > 1))
            {
                if (result.TryRead(_peer.Peer, out var peer) && peer is not null) result.AddError(Say.It("The peer has one room: leave out --rooms.", "对照服务器只有一个房间：请去掉 --rooms。"));
                if (result.TryRead(_target.Threads, out var threads) && threads > 1) result.AddError(Say.It("Several --rooms are for one of --threads.", "多个 --rooms 只能配合一个 --threads。"));
            }

            if (result.TryRead(_peerRate, out var peerRate) && peerRate is not null && result.TryRead(_rate, out rate) && rate == 0) result.AddError(Say.It("--peer-rate needs --rate.", "--peer-rate 需要同时给出 --rate。"));
        });
        _peer.AddTo(command);
        _target.AddTo(command, nodes: true, several: true);
        _result.AddTo(command);
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new RoomPlan(result.GetValue(_messages), result.GetValue(_deliveries), result.GetValue(_warmUp), result.GetValue(_size));
        RoomShape[] shapes = [.. result.GetValue(_rooms)!.SelectMany(rooms => result.GetValue(_members)!.Select(members => new RoomShape(rooms, members)))];
        Bench.Engine.FileLimit.Require(shapes.Max(shape => shape.Connections));
        var console = _result.Console(result);
        var scenario = new RoomScenario(console, new LoadShape(result.GetValue(_target.Threads), result.GetValue(_window), 0), plan);
        var runs = new List<RoomRun>();
        var rate = result.GetValue(_rate);
        BroadcastPace[] paces = rate > 0 ? [BroadcastPace.At(rate)] : [.. result.GetValue(_inFlight)!.Select(depth => new BroadcastPace(depth))];
        BroadcastPace[] peerPaces = rate > 0 ? [BroadcastPace.At(result.GetValue(_peerRate) ?? rate)] : paces;
        var nodes = _peer.Alone(result) ? [] : await _target.OpenAllAsync(result, cancellation, SenderLimits.Lifted(Environment.GetEnvironmentVariable));
        try
        {
            await using var peer = _peer.Wanted(result) ? await PeerTarget.StartAsync(result.GetValue(_target.Addresses), cancellation) : null;
            for (var round = 1; round <= result.GetValue(_rounds); round++)
            {
                foreach (var shape in shapes)
                {
                    var run = RunName.New();
                    foreach (var node in nodes) runs.AddRange(await scenario.RunAsync(node, shape, new RoomsWire(result.GetValue(_target.App), "bench", run, shape.Rooms, shape.RoomConnections), paces, round, cancellation));
                    if (peer is not null) runs.AddRange(await scenario.RunAsync(peer, shape, new SignalRWire(), peerPaces, round, cancellation));
                }
            }
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }

        var report = RoomReport.Of(plan.SizeBytes, runs, scenario.Errors);
        RoomPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }

    /// <summary>Numbers from 1 on, with commas between them.</summary>
    private static Option<int[]> Several(string name, int value, string description)
    {
        const int Max = 1_000_000;
        var option = new Option<int[]>(name) { DefaultValueFactory = _ => [value], Description = description, CustomParser = result => ConnectCommand.ParseNumbers(result, name) };
        option.Validators.Add(result =>
        {
            if (result.TryRead(option, out var numbers) && numbers is not null && numbers.Any(number => number is < 1 or > Max)) result.AddError(Say.It($"{name} is 1 to {Max} each.", $"{name} 各值的范围是 1 到 {Max}。"));
        });
        return option;
    }
}
