using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Im.Benchmarks;

if (args is ["links"])
{
    await LinkThroughput.RunAsync();
    return;
}

// In this process: nothing is built or restored, and the figures are those of the build at hand. Short runs, since what is looked
// for are bytes and orders of magnitude; `--job medium` takes longer.
var config = DefaultConfig.Instance
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
