using System.Diagnostics;
using Im.Node.Clustering.Formation;
using Im.Node.Configuration;
using Im.Node.Health;
using Microsoft.Extensions.Options;

namespace Im.Node.Lifetime;

/// <summary>The life of a node process: start, banner, wait, stop, exit code. What an operator can mend is one line on standard error.</summary>
internal static class NodeProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        ImOptions? options = null;
        try
        {
            if (CommandLine.Answer(args) is { } answer) return answer;
            await using var app = NodeHost.Build(args);
            options = app.Services.GetRequiredService<IOptions<ImOptions>>().Value;
            if (PortProbe.Check(options) is { Count: > 0 } busy) throw new StartupException(ExitCodes.Port, busy);
            using var signals = StopSignals.Watch(app.Lifetime, TimeProvider.System, Console.Error);
            try
            {
                await RunAsync(app, options).ConfigureAwait(false);
                return app.Services.GetRequiredService<NodeControl>().ExitCode;
            }
            finally
            {
                // Whatever ends from here on ends because the node does.
                app.Services.GetRequiredService<NodeReadiness>().BeginDrain();
            }
        }
        catch (Exception failure)
        {
            return Report(failure, options);
        }
    }

    private static async Task RunAsync(WebApplication app, ImOptions options)
    {
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop while starting.
        }

        await ReportReadyAsync(app, options).ConfigureAwait(false);
        await app.WaitForShutdownAsync().ConfigureAwait(false);
    }

    private static async Task ReportReadyAsync(WebApplication app, ImOptions options)
    {
        var readiness = app.Services.GetRequiredService<NodeReadiness>();
        var report = app.Services.GetRequiredService<JoinReport>();
        await StartWatch.WaitAsync(readiness, TimeProvider.System, Console.Error, report.ExplainAsync, app.Lifetime.ApplicationStopping).ConfigureAwait(false);
        if (app.Lifetime.ApplicationStopping.IsCancellationRequested) return;
        var sinceStart = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime;
        await Console.Out.WriteLineAsync(Banner.Text(
            options, app.Services.GetRequiredService<NodeAddresses>(), app.Services.GetRequiredService<NodeSecrets>(), sinceStart)).ConfigureAwait(false);
    }

    private static int Report(Exception failure, ImOptions? options)
    {
        var known = StartupErrors.Explain(failure, options);
        if (known is null) Console.Error.WriteLine($"ImAkka failed: {failure}");
        foreach (var line in known?.Lines ?? []) Console.Error.WriteLine(line);
        return known?.ExitCode ?? ExitCodes.Failed;
    }
}
