using System.Globalization;
using Im.Node.Configuration;
using Im.Node.Health;

namespace Im.Node.Lifetime;

/// <summary>A node that does not become ready says what is missing after 20 s and ends after 60 s.</summary>
internal static class StartWatch
{
    private static readonly TimeSpan Warn = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(60);

    /// <summary>Returns when the node is ready or is stopping.</summary>
    /// <param name="explain">What was tried and why it failed, a line each.</param>
    /// <exception cref="StartupException">Not ready after 60 s.</exception>
    public static async Task WaitAsync(NodeReadiness readiness, TimeProvider time, TextWriter errors, Func<CancellationToken, Task<IReadOnlyList<string>>> explain, CancellationToken stopping)
    {
        if (await ReadyWithinAsync(Warn).ConfigureAwait(false)) return;
        foreach (var line in await LinesAsync(Warn, "still waiting").ConfigureAwait(false)) await errors.WriteLineAsync(line).ConfigureAwait(false);
        if (await ReadyWithinAsync(GiveUp - Warn).ConfigureAwait(false)) return;
        throw new StartupException(ExitCodes.NotReady, await LinesAsync(GiveUp, "giving up").ConfigureAwait(false));

        async Task<IReadOnlyList<string>> LinesAsync(TimeSpan after, string what) =>
        [
            string.Create(CultureInfo.InvariantCulture, $"Not ready after {after.TotalSeconds:F0} s ({readiness.Reason}), {what}"),
            .. await explain(stopping).ConfigureAwait(false),
        ];

        async Task<bool> ReadyWithinAsync(TimeSpan span)
        {
            try
            {
                await readiness.WhenReady.WaitAsync(span, time, stopping).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }
    }
}
