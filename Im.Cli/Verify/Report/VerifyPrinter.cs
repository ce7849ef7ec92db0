using Im.Cli.Bench.Report;
using Im.Cli.Text;
using Im.Cli.Verify.Checks;

namespace Im.Cli.Verify.Report;

internal static class VerifyPrinter
{
    public static void Print(BenchConsole console, VerifyReport report)
    {
        Row(console, Say.It("conversations", "会话"), report.Conversations);
        Row(console, Say.It("records stored", "已存记录"), report.Stored);
        Row(console, Say.It("  removed by retention", "  已被保留策略清理"), report.Removed);
        Row(console, Say.It("commands sent", "已发命令"), report.Sent);
        Row(console, Say.It("  acknowledged", "  已确认"), report.Acked);
        Row(console, Say.It("    in rooms", "    房间"), report.AckedByKind["r"]);
        Row(console, Say.It("    in groups", "    群组"), report.AckedByKind["g"]);
        Row(console, Say.It("    one to one", "    单聊"), report.AckedByKind["p"]);
        Row(console, Say.It("    to inboxes", "    收件箱"), report.AckedByKind["u"]);
        Row(console, Say.It("  edits, recalls, member changes", "  编辑、撤回、成员变更"), report.Changes);
        Row(console, Say.It("  repeated on purpose", "  有意重发"), report.Repeated);
        Row(console, Say.It("  refused for good", "  最终拒绝"), report.Refused);
        Row(console, Say.It("records applied by devices", "设备收到的记录"), report.Applied);
        if (report.Logins > 0)
        {
            Row(console, Say.It("logins, one connection a user", "只许一个连接的登录"), report.Logins);
            Row(console, Say.It("  another took their place", "  被后来的登录取代"), report.Replaced);
            Row(console, Say.It("  lower try, refused", "  try 较低而被拒绝"), report.Outdated);
            Row(console, Say.It("news of presence", "在线状态通知"), report.PresenceNews);
        }
        console.Line();
        foreach (var kind in Enum.GetValues<ViolationKind>()) Row(console, Name(kind), report.Counts[kind.ToString()]);
        foreach (var shown in report.First)
        {
            console.Line();
            console.Line($"{Name(shown.Violation.Kind)}: {shown.Violation.Conversation} {shown.Violation.Mseq}: {shown.Violation.What}");
            foreach (var line in shown.History) console.Line("  " + line);
        }
        console.Line();
        foreach (var untried in report.Untried) console.Line(Say.It($"NOT TRIED: {untried}", $"未覆盖：{untried}"));
        console.Line(report.Valid ? Say.It("VERIFIED", "验证通过") : report.Counts.Values.Any(count => count > 0) ? Say.It("VIOLATED", "存在违例") : Say.It("INCOMPLETE", "覆盖不完整"));
    }

    private static string Name(ViolationKind kind) => kind switch
    {
        ViolationKind.Lost => Say.It("lost", "丢失"),
        ViolationKind.Doubled => Say.It("doubled", "重复"),
        ViolationKind.Reordered => Say.It("reordered", "乱序"),
        ViolationKind.Hole => Say.It("holes", "空洞"),
        ViolationKind.Foreign => Say.It("foreign", "越权或无主"),
        ViolationKind.Content => Say.It("changed content", "内容不符"),
        ViolationKind.FalseAnswer => Say.It("false answers", "错误应答"),
        ViolationKind.FalseState => Say.It("false states", "虚假状态"),
        ViolationKind.CursorBack => Say.It("cursors moved back", "游标回退"),
        ViolationKind.Unanswered => Say.It("unanswered", "未应答"),
        ViolationKind.Kick => Say.It("kicks", "互斥登录"),
        ViolationKind.Presence => Say.It("presence", "在线状态"),
        _ => Say.It("late or not published", "迟到或未发布"),
    };

    private static void Row(BenchConsole console, string name, long count) => console.Line($"{name,-34}{Format.Count(count),12}");
}
