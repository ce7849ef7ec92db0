using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify.Faults;

/// <summary>Brings one fault about and waits until the node serves again.</summary>
internal sealed class FaultRunner(VerifyNode node, Population population, Workload workload, FactBook book, VerifyPlan plan) : IDisturbance
{
    private const int BurstCount = 4;
    private const int BurstMaxMs = 60;

    private readonly Random _random = new(plan.Seed);

    public async Task<string> RunAsync(int round, CancellationToken cancellation)
    {
        var fault = plan.Faults[round % plan.Faults.Count];
        await RunAsync(fault, cancellation);
        return Name(fault);
    }

    private async Task RunAsync(Fault fault, CancellationToken cancellation)
    {
        switch (fault)
        {
            case Fault.Kill when node.IsOwn:
                // Many under way when it dies: what is answered too early is lost now.
                workload.Burst(BurstCount, _random);
                await Task.Delay(_random.Next(BurstMaxMs), cancellation);
                await node.KillAsync();
                book.BeginLife();
                await node.StartAgainAsync(cancellation);
                break;
            case Fault.PowerCut when node.IsOwn:
                await Task.Delay(TimeSpan.FromSeconds(_random.NextDouble()), cancellation);
                await node.CutPowerAsync();
                book.BeginLife();
                await node.StartAgainAsync(cancellation);
                break;
            case Fault.Restart when node.IsOwn:
                await node.EndAsync();
                book.BeginLife();
                await node.StartAgainAsync(cancellation);
                break;
            case Fault.Stop when node.IsOwn:
                node.Freeze();
                await Task.Delay(TimeSpan.FromSeconds(2 + _random.NextDouble() * 4), cancellation);
                node.Thaw();
                break;
            case Fault.Slow:
                await SlowAsync(cancellation);
                break;
            default:
                foreach (var device in population.Devices) if (_random.Next(3) == 0) await device.BreakAsync();
                break;
        }
    }

    private async Task SlowAsync(CancellationToken cancellation)
    {
        var slow = population.Devices.Where(_ => _random.Next(6) == 0).ToArray();
        foreach (var device in slow) device.IsSlow = true;
        await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
        foreach (var device in slow) device.IsSlow = false;
    }

    private static string Name(Fault fault) => fault switch
    {
        Fault.Kill => "kill -9",
        Fault.Stop => "stop/continue",
        Fault.Restart => "restart",
        Fault.Drop => "drop",
        Fault.PowerCut => "power cut",
        _ => "slow readers",
    };
}
