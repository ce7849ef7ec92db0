using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Report;

/// <summary>What happened in a conversation around a violation.</summary>
internal static class ViolationHistory
{
    private const int Distance = 2;
    private const int MaxLines = 24;

    public static IReadOnlyList<string> Around(RunFacts facts, Violation violation)
    {
        if (violation.Mseq == 0) return [];
        var (from, to) = (violation.Mseq - Distance, violation.Mseq + Distance);
        var lines = new List<string>();
        if (facts.Log(violation.Conversation) is { } log)
        {
            lines.Add($"log: epoch {log.Epoch}, {log.First} to {log.Head}");
            lines.AddRange(log.Records.Where(record => record.Mseq >= from && record.Mseq <= to)
                .Select(record => $"log {record.Mseq}: {record.Type} {record.Cid} of {record.From} {record.Ext} '{Short(record.Text)}'"));
        }
        var words = violation.What.Split([' ', ',', ':'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        lines.AddRange(facts.Sent.Where(sent => sent.Conversation == violation.Conversation && ((sent.Mseq > 0 && sent.Mseq >= from && sent.Mseq <= to) || words.Contains(sent.Cid)))
            .OrderBy(sent => sent.Mseq).ThenBy(sent => sent.AnsweredMs).Select(sent => $"{sent.AnsweredMs} ms {sent} '{Short(sent.Text)}'"));
        foreach (var device in facts.Devices)
        {
            if (!device.Copies.TryGetValue(violation.Conversation, out var copy)) continue;
            var near = copy.Applied.Where(applied => applied.Mseq >= from && applied.Mseq <= to)
                .Select(applied => $"{applied.Mseq}{(applied.Gap is { } gap ? $" (gap {gap.From}–{gap.To})" : "")}@{applied.AtMs}");
            lines.Add($"{device.Name} opened {string.Join(' ', copy.Opened.Select(opened => $"{opened.Epoch}+{opened.After}"))}, got {string.Join(' ', near)}");
        }
        return lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines), $"… {lines.Count - MaxLines} more"];
    }

    private static string Short(string text) => text.Length <= 30 ? text : text[..30] + "…";
}
