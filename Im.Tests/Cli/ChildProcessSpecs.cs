using Im.Cli.Bench.Targets;
using Shouldly;
using Xunit;
using TemporaryDirectory = Im.Tests.Support.TemporaryDirectory;

namespace Im.Tests.Cli;

/// <summary>Servers that <c>im bench</c> starts end with it, however it ends.</summary>
public sealed class ChildProcessSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Should_end_the_child_when_this_process_ends()
    {
        await using var child = Start();

        child.EndWithThisProcess();

        (await child.WaitForExitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_throw_nothing_when_this_process_ends_while_the_child_is_disposed_of()
    {
        var child = Start();
        await child.DisposeAsync();

        Should.NotThrow(child.EndWithThisProcess);
    }

    [Fact]
    public async Task Should_throw_nothing_when_the_child_has_ended_before()
    {
        await using var child = Start();
        child.EndWithThisProcess();
        await child.WaitForExitAsync(TimeSpan.FromSeconds(20));

        Should.NotThrow(child.EndWithThisProcess);
    }

    private ChildProcess Start() => ChildProcess.Start("sleep", ["600"], new Dictionary<string, string>(), _directory.Path, _directory.File("log"));
}
