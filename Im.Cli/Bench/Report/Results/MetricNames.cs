namespace Im.Cli.Bench.Report.Results;

/// <summary>The figures that scenarios have in common, or of their own; thresholds go by these names.</summary>
internal static class MetricNames
{
    public static readonly MetricName P50 = new("p50", MetricUnit.Milliseconds, new Label("latency, median", "延迟中位数"));
    public static readonly MetricName P90 = new("p90", MetricUnit.Milliseconds, new Label("latency, 90 %", "延迟 90 %"));
    public static readonly MetricName P99 = new("p99", MetricUnit.Milliseconds, new Label("latency, 99 %", "延迟 99 %"));
    public static readonly MetricName P999 = new("p999", MetricUnit.Milliseconds, new Label("latency, 99.9 %", "延迟 99.9 %"));
    public static readonly MetricName Max = new("max", MetricUnit.Milliseconds, new Label("highest latency", "最大延迟"));
    public static readonly MetricName Cpu = new("cpu", MetricUnit.Milliseconds, new Label("server CPU of each", "每次操作的服务器 CPU"));
    public static readonly MetricName RssEach = new("rss", MetricUnit.Bytes, new Label("server RSS of one more connection", "每增加一个连接的服务器 RSS"));
    public static readonly MetricName HeapEach = new("heap", MetricUnit.Bytes, new Label("server heap of one more connection", "每增加一个连接的服务器堆"));
    public static readonly MetricName RssPeak = new("rss-peak", MetricUnit.Bytes, new Label("highest RSS of the server", "服务器 RSS 峰值"));
    public static readonly MetricName Crossings = new("crossings", MetricUnit.Count, new Label("times that a broadcast came to another node", "每条广播到达其他节点的次数"));
    public static readonly MetricName Connects = new("connects/s", MetricUnit.PerSecond, new Label("connects per second", "每秒连接数"));
    public static readonly MetricName Logins = new("logins/s", MetricUnit.PerSecond, new Label("logins per second", "每秒登录数"));
    public static readonly MetricName Deliveries = new("deliveries/s", MetricUnit.PerSecond, new Label("deliveries per second", "每秒投递数"));
    public static readonly MetricName Acked = new("acked/s", MetricUnit.PerSecond, new Label("acknowledged per second", "每秒确认数"));
    public static readonly MetricName Pushes = new("pushes/s", MetricUnit.PerSecond, new Label("pushes written per second", "每秒写入的推送数"));
    public static readonly MetricName AllBack = new("all-back", MetricUnit.Milliseconds, new Label("until all are back", "全部回来所需时间"));
    public static readonly MetricName AllTold = new("all-told", MetricUnit.Milliseconds, new Label("until every enter has come", "全部 enter 到齐所需时间"));
    public static readonly MetricName Gone = new("gone", MetricUnit.Milliseconds, new Label("until users that were cut are gone", "断线用户消失所需时间"));
    public static readonly MetricName Ended = new("ended", MetricUnit.Milliseconds, new Label("until the slow reader was ended", "慢读者被断开所需时间"));

    public static IReadOnlyList<MetricName> Latency { get; } = [P50, P90, P99, P999, Max];

    public static IReadOnlyList<MetricName> ForConnect { get; } = [.. Latency, Connects, Logins, RssEach, HeapEach];

    public static IReadOnlyList<MetricName> ForRoom { get; } = [.. Latency, Deliveries, Cpu, Crossings];

    public static IReadOnlyList<MetricName> ForBurst { get; } = [.. Latency, Logins, AllTold, Gone];

    public static IReadOnlyList<MetricName> ForSlow { get; } = [.. Latency, Ended, RssPeak];

    public static IReadOnlyList<MetricName> ForSend { get; } = [.. Latency, Acked];

    public static IReadOnlyList<MetricName> ForPush { get; } = [.. Latency, Pushes, Cpu];

    public static IReadOnlyList<MetricName> ForMixed => Latency;

    public static IReadOnlyList<MetricName> ForFreeze => Latency;

    public static IReadOnlyList<MetricName> ForStorm { get; } = [.. Latency, AllBack, Logins, Cpu];
}
