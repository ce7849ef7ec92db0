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
    /// <exception cref="StartupException">Not ready after 60 s.</exception>
    public static async Task WaitAsync(NodeReadiness readiness, TimeProvider time, TextWriter errors, CancellationToken stopping)
    {
        if (await ReadyWithinAsync(Warn).ConfigureAwait(false)) return;
        await errors.WriteLineAsync(Line(Warn, "still waiting")).ConfigureAwait(false);
        if (await ReadyWithinAsync(GiveUp - Warn).ConfigureAwait(false)) return;
        throw new StartupException(ExitCodes.NotReady, Line(GiveUp, "giving up"));

        string Line(TimeSpan after, string what) =>
            string.Create(CultureInfo.InvariantCulture, $"Not ready after {after.TotalSeconds:F0} s ({readiness.Reason}), {what}");

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
