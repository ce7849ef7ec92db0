using System.Globalization;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Storm;

internal static class StormPrinter
{
    public static void Print(BenchConsole console, StormReport report)
    {
        var plan = report.Plan;
        var auth = plan.Jwt ? Say.It("tokens", "令牌") : Say.It("guests", "访客");
        if (plan.Kill)
        {
            console.Line(Say.It(
                $"{Format.Count(plan.Clients)} clients ({auth}) of a node that is killed, {Format.Count(plan.Others)} on the others; {plan.Missed + plan.During} messages stored meanwhile in each room of {Format.Count(plan.RoomSize)}",
                $"被杀死的节点上有 {Format.Count(plan.Clients)} 个客户端（{auth}），其余节点上 {Format.Count(plan.Others)} 个；期间每个 {Format.Count(plan.RoomSize)} 人房间存入 {plan.Missed + plan.During} 条消息"));
        }
        else
        {
            console.Line(Say.It(
                $"{Format.Count(plan.Clients)} clients ({auth}) in rooms of {Format.Count(plan.RoomSize)}, cut at once; {plan.Missed} messages missed in each room, {plan.During} stored meanwhile",
                $"{Format.Count(plan.Clients)} 个客户端（{auth}），房间 {Format.Count(plan.RoomSize)} 人，同时切断；每个房间错过 {plan.Missed} 条消息，重连期间再存 {plan.During} 条"));
        }

        foreach (var round in report.Rounds)
        {
            console.Line(Say.It(
                $"storm {round.Round}: all back in {Format.Milliseconds(round.AllBackMs)}, {Format.Count(round.Back.PerSecond)} logins/s, {Format.Latency(round.Back.Latency)}, {Format.Count(round.Back.Repeated)} tries refused",
                $"第 {round.Round} 次风暴：{Format.Milliseconds(round.AllBackMs)} 后全部回来，每秒登录 {Format.Count(round.Back.PerSecond)} 次，{Format.Latency(round.Back.Latency)}，被拒 {Format.Count(round.Back.Repeated)} 次"));
            var server = round.ServerCpuMicros is { } micros ? Say.It($"; server {Format.Microseconds(micros)} per login", $"；服务器每次登录 {Format.Microseconds(micros)}") : "";
            var bound = round.Client.IsBottleneck ? Say.It(": the time is an upper bound", "：时间为上限") : "";
            console.Line(Say.It(
                $"  messages: {Format.Count(round.InAnswers)} in answers to logins, {Format.Count(round.Pushed)} pushed, {Format.Count(round.Repeated)} repeated{server}; client {Format.Percent(round.Client.BusiestReactor)} busy{bound}",
                $"  消息：登录应答中 {Format.Count(round.InAnswers)} 条，推送 {Format.Count(round.Pushed)} 条，重复推送 {Format.Count(round.Repeated)} 条{server}；客户端占用 {Format.Percent(round.Client.BusiestReactor)}{bound}"));
            if (round.CpuAfter.Count == 0) continue;
            console.Line(Say.It($"  processors of the other nodes before: {Shares(round.CpuBefore)}", $"  之前其余节点占用的处理器：{Shares(round.CpuBefore)}"));
            console.Line(Say.It($"  and after, second by second: {Shares(round.CpuAfter)}", $"  之后逐秒：{Shares(round.CpuAfter)}"));
        }

        Verdict.Print(console, report.Valid, report.Problems);
    }

    private static string Shares(IReadOnlyList<double> shares) => string.Join(' ', shares.Select(share => share.ToString("0.00", CultureInfo.InvariantCulture)));
}
