using System.Buffers;
using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Appends;

/// <summary>What no provider can keep is found before a transaction is spoilt by it.</summary>
internal static class RecordChecks
{
    /// <summary>Halves of surrogate pairs when alone; U+0000 always, since PostgreSQL has no such text.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    /// <summary>Index of the first record that cannot be kept, or -1.</summary>
    public static int FirstBad(AppendPart part)
    {
        for (var i = 0; i < part.Records.Count; i++)
        {
            var record = part.Records[i];
            if (record.Record.Mseq != part.ExpectedHead + 1 + i || !IsText(record)) return i;
        }

        return -1;
    }

    private static bool IsText(AppendRecord append)
    {
        var record = append.Record;
        return IsText(record.Text) && IsText(record.Ext) && IsText(record.Sender) && IsText(record.From) && IsText(record.Cid) && IsText(record.MessageId)
            && IsText(append.DeliveryUser) && IsText(append.Amends?.Text);
    }

    private static bool IsText(string? text)
    {
        if (text is null) return true;
        for (var at = text.AsSpan().IndexOfAny(Suspects); at >= 0 && at < text.Length;)
        {
            if (text[at] == '\0' || !char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])) return false;
            var next = text.AsSpan(at + 2).IndexOfAny(Suspects);
            at = next < 0 ? -1 : at + 2 + next;
        }

        return true;
    }
}
