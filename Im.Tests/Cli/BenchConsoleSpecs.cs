using System.Text.Json;
using Im.Cli.Bench.Report;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>What a person or a program sees of a run.</summary>
public sealed class BenchConsoleSpecs
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_show_parts_that_go_side_by_side(bool terminal)
    {
        var console = new BenchConsole(_output, _error, json: true, terminal);
        var gate = new TaskCompletionSource();
        var first = console.ShowAsync("part [one]", 10, async progress =>
        {
            await gate.Task;
            progress.Report(10);
            return 1;
        });
        var second = console.ShowAsync("part two", 10, async progress =>
        {
            progress.Report(5);
            gate.SetResult();
            await first;
            return 2;
        });

        (await first, await second).ShouldBe((1, 2));

        _error.ToString().ShouldContain("one");
        _error.ToString().ShouldContain("part two");
        console.Rates.Select(rate => rate.Name).ShouldBe(["part [one]", "part two"], ignoreOrder: true);
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_pass_on_what_goes_wrong_in_a_part() =>
        await Should.ThrowAsync<InvalidOperationException>(() => new BenchConsole(_output, _error, json: false, terminal: true).ShowAsync<int>("part", 1, async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("no");
        }));

    [Fact]
    public void Should_keep_the_output_one_json_object_when_a_threshold_is_broken()
    {
        var console = new BenchConsole(_output, _error, json: true, terminal: false);

        console.Result(new { Scenario = "room" });
        console.Problem("FAILED: p99>20ms");

        JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("scenario").GetString().ShouldBe("room");
        _error.ToString().ShouldContain("FAILED");
    }
}
