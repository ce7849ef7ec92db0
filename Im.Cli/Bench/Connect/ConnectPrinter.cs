using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Connect;

internal static class ConnectPrinter
{
    public static void Print(BenchConsole console, ConnectReport report)
    {
        foreach (var target in report.Targets)
        {
            var round = report.Logins.Count > 0 ? Say.It($", round {target.Round}", $"，第 {target.Round} 轮") : "";
            console.Line(Say.It($"{target.Target} ({target.Protocol}){round}", $"{target.Target}（{target.Protocol}）{round}"));
            foreach (var step in target.Steps)
            {
                foreach (var wave in step.Waves) console.Line("  " + Format.Wave(ConnectScenario.Name(wave.Step), wave));
                var memory = step.Memory;
                console.Line(Say.It(
                    $"  at {Format.Count(memory.Connections)} connections after a full collection: RSS {Format.Bytes(memory.RssBytes)}, heap {Format.Bytes(memory.HeapBytes)}",
                    $"  {Format.Count(memory.Connections)} 个连接，完整回收后：RSS {Format.Bytes(memory.RssBytes)}，堆 {Format.Bytes(memory.HeapBytes)}"));
                if (memory is { KernelSlabBytes: { } slab, SocketBufferBytes: { } buffers })
                    console.Line(Say.It(
                        $"    kernel, this machine: slab {Format.Bytes(slab)}, socket buffers {Format.Bytes(buffers)}, TCP sockets {memory.TcpSockets}",
                        $"    内核（本机）：slab {Format.Bytes(slab)}，套接字缓冲 {Format.Bytes(buffers)}，TCP 套接字 {memory.TcpSockets}"));
                if (step.Added is { } added && target.Steps.Count > 2)
                    console.Line(Say.It(
                        $"    of each since the step before: RSS {Format.Bytes(added.RssBytes)}, heap {Format.Bytes(added.HeapBytes)}",
                        $"    自上一步起每个连接：RSS {Format.Bytes(added.RssBytes)}，堆 {Format.Bytes(added.HeapBytes)}"));
                if (step.Held is { } held)
                {
                    var rss = held.RssBytes is { } bytes ? Format.Bytes(bytes) : "?";
                    console.Line(Say.It(
                        $"    held for {Format.Seconds(held.Time)} with heartbeats alone: server {Format.Ratio(held.Processors)} processors, RSS {rss}",
                        $"    仅心跳保持 {Format.Seconds(held.Time)}：服务器占用 {Format.Ratio(held.Processors)} 个处理器，RSS {rss}"));
                }
            }

            if (target.Verified is { } verified) console.Line("  " + Format.Wave(ConnectScenario.Name(verified.Step), verified));
            if (target.Slope is { } slope)
            {
                console.Line(Say.It(
                    $"  per added connection: RSS {Format.Bytes(slope.RssBytes)}, heap {Format.Bytes(slope.HeapBytes)}",
                    $"  每增加一个连接：RSS {Format.Bytes(slope.RssBytes)}，堆 {Format.Bytes(slope.HeapBytes)}"));
                if (slope.KernelSlabBytes is { } slab)
                    console.Line(Say.It($"    kernel slab, both ends: {Format.Bytes(slab)}", $"    内核 slab（两端合计）：{Format.Bytes(slab)}"));
            }
            console.Line(Say.It(
                $"  load client: reactor {Format.Percent(target.Client.BusiestReactor)} busy" + (target.Client.IsBottleneck ? ": rates are lower bounds" : ""),
                $"  压测客户端：反应器占用 {Format.Percent(target.Client.BusiestReactor)}" + (target.Client.IsBottleneck ? "：速率为下限" : "")));
        }
        foreach (var logins in report.Logins)
        {
            console.Line(Say.It(
                $"{logins.Target}: logins a second of the last step, median of the rounds {Format.Count(logins.MedianPerSecond)} ({Format.Count(logins.LowestPerSecond)}–{Format.Count(logins.HighestPerSecond)})",
                $"{logins.Target}：最后一步每秒登录数，各轮中位数 {Format.Count(logins.MedianPerSecond)}（{Format.Count(logins.LowestPerSecond)}–{Format.Count(logins.HighestPerSecond)}）"));
        }

        if (report.Targets is [{ Slope: { } ours }, { Slope: { } peer }])
            console.Line(Say.It($"RSS slope ours / peer: {Format.Ratio(ours.RssBytes / peer.RssBytes)}", $"RSS 斜率 本系统 / 对照：{Format.Ratio(ours.RssBytes / peer.RssBytes)}"));
        Verdict.Print(console, report.Valid, report.Problems);
    }
}
