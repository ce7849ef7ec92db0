using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Im.Client;

namespace Im.Cli.Tail;

/// <summary>Records go to standard output, a line each; what happens to the connection goes to standard error.</summary>
internal sealed class TailPrinter(TextWriter output, TextWriter error, bool json)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Print(ImRecord record)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(record, Form));
        else output.WriteLine(Line(record));
        output.Flush();
    }

    public void Print(ImStateChange change)
    {
        if (!json || change.State == ImClientState.Stopped) error.WriteLine(string.Join(' ', new[] { change.State.ToString().ToLowerInvariant(), change.CloseCode?.ToString(CultureInfo.InvariantCulture), change.Reason }.Where(part => !string.IsNullOrEmpty(part))));
    }

    public void Print(ImNotice notice)
    {
        if (notice is ImEphemeral ephemeral) Print(ephemeral.Message);
    }

    internal static string Line(ImRecord record)
    {
        var line = new StringBuilder();
        if (record.IsReset) line.Append(CultureInfo.InvariantCulture, $"-- {record.Conversation}: history begins anew\n");
        if (record.Gap is { } gap) line.Append(CultureInfo.InvariantCulture, $"-- {record.Conversation}: {gap.From} to {gap.To} are gone\n");
        line.Append(CultureInfo.InvariantCulture, $"{record.Timestamp:HH:mm:ss} {record.Conversation}");
        if (record.Mseq > 0) line.Append(CultureInfo.InvariantCulture, $" {record.Mseq}");
        line.Append(CultureInfo.InvariantCulture, $" {Clean(record.From)}: ");
        if (record.IsEvent) line.Append(record.Ext?.GetRawText()).Append(' ');
        else if (record.Type != "text") line.Append('[').Append(record.Type).Append("] ");
        line.Append(record.IsRecalled ? "(recalled)" : Clean(record.Text));
        return line.ToString().TrimEnd(' ');
    }

    /// <summary>The same file is the same device, so that the server resumes it.</summary>
    internal static string DeviceOf(string path) => "tail-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..16];

    /// <summary>A terminal obeys control characters; a sender must not write to somebody's terminal.</summary>
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? (c is '\n' ? '⏎' : '�') : c));
}
