using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Im.Cli.Text;

namespace Im.Cli.Bench.Burst;

/// <summary><c>GET /user/list</c> of one app, as the numbers of this run's users.</summary>
internal sealed class UserList(HttpClient http, uint app)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public async Task<IReadOnlyList<int>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/user/list?appId={app}");
            await using var body = await http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellation);
            using var answer = await JsonDocument.ParseAsync(body, default, cancellation);
            return [.. answer.RootElement.GetProperty("data").GetProperty("userList").EnumerateArray().Select(user => Number(user.GetString())).Where(number => number >= 0)];
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException)
        {
            throw new BenchException(Say.It($"GET /user/list failed: {failure.Message}", $"GET /user/list 失败：{failure.Message}"));
        }
    }

    /// <summary>Asks again and again until no user below <paramref name="gone"/> is listed; null when the limit passed first.</summary>
    /// <param name="since">Stopwatch from which the time counts.</param>
    public async Task<TimeSpan?> UntilGoneAsync(int gone, long since, TimeSpan limit, CancellationToken cancellation)
    {
        while (Stopwatch.GetElapsedTime(since) < limit)
        {
            var listed = await ReadAsync(cancellation);
            if (listed.All(number => number >= gone)) return Stopwatch.GetElapsedTime(since);
            await Task.Delay(Interval, cancellation);
        }
        return null;
    }

    /// <summary>Of <c>#00000042</c> 42; −1 of a name that is not of this run.</summary>
    private static int Number(string? name) =>
        name is ['#', .. var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
