using System.Globalization;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary>Reads a figure of <c>/metrics</c>, Prometheus' text form.</summary>
internal static class NodeMetrics
{
    /// <summary>All series of that name, of all nodes together.</summary>
    /// <exception cref="BenchException">A node did not answer.</exception>
    public static async Task<double> SumAsync(IEnumerable<HttpClient> nodes, string name, CancellationToken cancellation)
    {
        var sum = 0.0;
        foreach (var node in nodes) sum += await ReadAsync(node, name, cancellation);
        return sum;
    }

    /// <exception cref="BenchException">The node did not answer.</exception>
    public static async Task<double> ReadAsync(HttpClient node, string name, CancellationToken cancellation) => Sum(await TextAsync(node, cancellation), name);

    /// <exception cref="BenchException">The node did not answer.</exception>
    public static async Task<string> TextAsync(HttpClient node, CancellationToken cancellation)
    {
        try
        {
            return await node.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw new BenchException(Say.It($"GET {node.BaseAddress}metrics failed: {failure.Message}", $"GET {node.BaseAddress}metrics 失败：{failure.Message}"));
        }
    }

    /// <summary>0 when there is none.</summary>
    /// <param name="label">Of the series that count, such as <c>outcome="committed"</c>; empty for all.</param>
    internal static double Sum(string text, string name, string label = "")
    {
        var sum = 0.0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not ('{' or ' ') || !line.Contains(label, StringComparison.Ordinal)) continue;
            // A label's value may hold a space, a number holds none; a time may follow the number.
            var rest = line[(line.LastIndexOf('}') < 0 ? name.Length : line.LastIndexOf('}') + 1)..].Trim();
            var end = rest.IndexOf(' ');
            if (double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) sum += value;
        }

        return sum;
    }
}
