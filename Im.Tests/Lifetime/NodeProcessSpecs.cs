using Im.Node.Configuration;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Lifetime;

/// <summary>The node as its operator meets it: a process, its output, its exit code.</summary>
public sealed class NodeProcessSpecs
{
    [Theory]
    [InlineData(NodeProcess.SigInt)]
    [InlineData(NodeProcess.SigTerm)]
    public async Task Should_drain_and_exit_with_0_when_asked_to_stop(int signal)
    {
        await using var node = await NodeProcess.StartAsync();

        node.Signal(signal);

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.Stopped);
        // What a slow machine's node said of its start is no error of its stop.
        node.Errors.Where(line => !line.StartsWith("Not ready after", StringComparison.Ordinal) && !line.StartsWith("  ", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldStartWith("Draining; press Ctrl+C again");
    }

    [Fact]
    public async Task Should_end_at_once_when_asked_to_stop_twice()
    {
        // One goes after the other, so that the node still drains when this process has stood still for some seconds.
        await using var node = await NodeProcess.StartAsync("--Im:Drain:Timeout=00:00:15", "--Im:Drain:ConnectionsPerSecond=1");
        var connections = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")), 15);

        // Both are there when the process goes on.
        node.Signal(NodeProcess.SigStop);
        node.Signal(NodeProcess.SigInt);
        node.Signal(NodeProcess.SigTerm);
        node.Signal(NodeProcess.SigContinue);
        await node.WaitForErrorAsync(line => line.StartsWith("Draining", StringComparison.Ordinal));
        (await node.IsAliveAfterAsync(TimeSpan.FromSeconds(1))).ShouldBeTrue("a signal right after the first is the same one");

        node.Signal(NodeProcess.SigInt);

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.Interrupted);
        node.Errors[^1].ShouldBe("Ended at once, without draining");
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Should_show_every_url_and_no_secret_when_ready()
    {
        await using var node = await NodeProcess.StartAsync();
        using var http = new HttpClient();

        (await http.GetStringAsync(new Uri(node.BannerLine("Health")))).ShouldBe("ready\n");
        (await http.GetStringAsync(new Uri(node.BannerLine("Metrics")))).ShouldContain("im_connections");
        node.BannerLine("WebSocket").ShouldEndWith("/acc");
        node.BannerLine("Data").ShouldBe(node.DataDirectory);
        node.BannerLine("Secrets").ShouldBe(Path.Combine(node.DataDirectory, "secrets.json"));
        var secrets = SecretsFile.OpenOrCreate(node.DataDirectory);
        string.Join('\n', node.Output).ShouldNotContain(secrets.ApiKey);
        string.Join('\n', node.Output).ShouldContain("guest, this machine only");
    }

    [Theory]
    [InlineData("Im:Http:Port")]
    [InlineData("Im:Grpc:Port")]
    [InlineData("Im:WebSocket:Port")]
    [InlineData("Im:Cluster:Port")]
    [InlineData("Im:Metrics:Port")]
    public async Task Should_say_it_in_one_line_when_a_port_is_busy(string setting)
    {
        using var other = FreePort.Occupy();
        var port = FreePort.PortOf(other);
        string[] free = ["--Im:Http:Port=0", "--Im:Grpc:Port=0", "--Im:WebSocket:Port=0", "--Im:Cluster:Port=0"];
        await using var node = NodeProcess.Run([.. free, $"--{setting}={port}"]);

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.Port);

        var environment = setting.Replace(":", "__", StringComparison.Ordinal);
        node.Errors.ShouldBe([$"{setting} {port} is in use on 127.0.0.1: stop the other process or set {environment}"]);
        node.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_print_every_line_without_a_stack_trace_when_options_are_wrong()
    {
        await using var node = NodeProcess.Run("--Im:Http:Port=abc", "--Im:WebSocket:Prot=1");

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.Configuration);

        node.Errors.Count.ShouldBe(2);
        node.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_print_one_line_when_the_data_directory_cannot_be_used()
    {
        await using var node = NodeProcess.Run("--Im:DataDirectory=/dev/null/data");

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.DataDirectory);
        node.Errors.ShouldHaveSingleItem().ShouldStartWith("Im:DataDirectory /dev/null/data cannot be used");
    }

    [Theory]
    [InlineData("--port=1")]
    [InlineData("8080")]
    public async Task Should_refuse_an_argument_when_nobody_reads_it(string argument)
    {
        await using var node = NodeProcess.Run(argument);

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.Configuration);
        node.Errors.ShouldHaveSingleItem().ShouldContain("is unknown: options are written as --Im:Http:Port=8080");
    }
}
