using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients.Processes;

/// <summary>What a client process does: holds its part of the connections and follows orders, one line each, until its input ends.</summary>
internal sealed class CrowdServant(TextReader input, TextWriter output)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (await input.ReadLineAsync(cancellation) is not { } first) return;
        try
        {
            var settings = CrowdLine.Read<CrowdSettings>(first);
            await using var crowd = new LocalCrowd(new Crowd(EndpointSet.Resolve(settings.Urls, settings.Addresses), settings.ToWire(), settings.Count, settings.Threads));
            while (await input.ReadLineAsync(cancellation) is { } line) await FollowAsync(crowd, CrowdLine.Read<CrowdOrder>(line), cancellation);
        }
        catch (BenchException failure)
        {
            Write(new CrowdAnswer(Failure: failure.Message));
        }
    }

    private async Task FollowAsync(LocalCrowd crowd, CrowdOrder order, CancellationToken cancellation)
    {
        WaveAnswer? wave = null;
        if (order.Step != Step.None)
        {
            var progress = new Latest();
            var running = crowd.RunAsync(order.Step, order.From, order.To, order.RatePerSecond, order.Window, progress, cancellation);
            while (await Task.WhenAny(running, Task.Delay(ProgressInterval, cancellation)) != running) Write(new CrowdAnswer(progress.Value));
            wave = WaveAnswer.Of(await running);
        }

        Write(new CrowdAnswer(Wave: wave, State: await crowd.ReadAsync(cancellation)));
    }

    private void Write(CrowdAnswer answer)
    {
        output.WriteLine(CrowdLine.Of(answer));
        output.Flush();
    }

    private sealed class Latest : IProgress<int>
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Report(int value) => Volatile.Write(ref _value, value);
    }
}
