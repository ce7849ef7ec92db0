using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Verify.Cluster;

/// <summary>A line a fault: how long users waited, and what was beyond its limit.</summary>
internal static class RecoveryPrinter
{
    public static void Print(BenchConsole console, IReadOnlyList<Recovery> recoveries)
    {
        console.Line();
        console.Line(Say.It(
            "each user's longest wait for an answer: median and longest of the users; from the heal on; first acknowledgement after the heal; users who waited under 1 s; call to last device; a device without a connection: median and longest; nodes ready after the heal; two connections of a user who may have one (seconds)",
            "每个用户等待应答的最长时间：各用户的中位数与最大值；恢复之后的最大值；恢复后的第一个确认；等待不到 1 秒的用户；从发送到最后一台设备；设备失去连接的时间：中位数与最大值；恢复后节点就绪；只许一个连接的用户同时有两个连接的时间（秒）"));
        console.Line($"{"fault",-9}{"median",8}{"max",8}{"healed",8}{"first",8}{"<1 s",7}{"device",8}{"blind",8}{"max",8}{"ready",8}{"twice",8}  ");
        foreach (var recovery in recoveries)
        {
            var window = recovery.Window;
            console.Line(
                $"{window.Fault,-9}{Seconds(recovery.SendMedianMs),8}{Seconds(recovery.SendMaxMs),8}{Seconds(recovery.AfterHealMs),8}{(recovery.FirstAckMs is { } first ? Seconds(first) : "-"),8}{recovery.Untouched,7:P0}{Seconds(recovery.DeliveryMaxMs),8}{Seconds(recovery.BlindMedianMs),8}{Seconds(recovery.BlindMaxMs),8}{Seconds(recovery.ReadyMs),8}{Seconds(recovery.OverlapMaxMs),8}"
                + $"  {window.Detail}{(window.Exits.Count == 0 ? "" : "; " + string.Join(", ", window.Exits))}{(recovery.Over.Count == 0 ? "" : Say.It("  OVER: ", "  超限：") + string.Join(", ", recovery.Over))}");
            foreach (var wait in recovery.Longest)
            {
                console.Line(Say.It(
                    $"         {Seconds(wait.Ms)} s: {wait.Device} to {wait.Conversation}, cid {wait.Cid}, from {wait.From:HH:mm:ss.fff} UTC, {wait.Outcome}",
                    $"         {Seconds(wait.Ms)} 秒：{wait.Device} 发往 {wait.Conversation}，cid {wait.Cid}，自 {wait.From:HH:mm:ss.fff} UTC 起，{wait.Outcome}"));
            }
        }
        console.Line();
    }

    private static string Seconds(long ms) => (ms / 1000.0).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
}
