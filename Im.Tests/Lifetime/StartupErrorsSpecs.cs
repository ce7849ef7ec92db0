using System.Net.Sockets;
using Im.Node.Configuration;
using Im.Node.Lifetime;
using Im.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Shouldly;
using Xunit;

namespace Im.Tests.Lifetime;

/// <summary>What the parts throw when a port was taken between the look and the start.</summary>
public sealed class StartupErrorsSpecs
{
    public static TheoryData<Exception> BindFailures => new()
    {
        new IOException("Failed to bind", new AddressInUseException("in use")),
        new InvalidOperationException("listener", new SocketException((int)SocketError.AddressAlreadyInUse)),
        new AggregateException(new ArgumentException("other"), new AggregateException(new SocketException((int)SocketError.AddressAlreadyInUse))),
    };

    [Theory]
    [MemberData(nameof(BindFailures), DisableDiscoveryEnumeration = true)]
    public void Should_name_the_busy_port_when_a_part_could_not_bind(Exception failure)
    {
        using var other = FreePort.Occupy();
        var options = new ImOptions
        {
            Grpc = new GrpcOptions { Port = FreePort.PortOf(other) },
            Http = new HttpOptions { Port = 0 },
            WebSocket = new WebSocketListenerOptions { Port = 0 },
            Cluster = new NodeClusterOptions { Port = 0 },
        };

        var explained = StartupErrors.Explain(failure, options).ShouldNotBeNull();

        explained.ExitCode.ShouldBe(ExitCodes.Port);
        explained.Lines.ShouldBe([$"Im:Grpc:Port {options.Grpc.Port} is in use on 127.0.0.1: stop the other process or set Im__Grpc__Port"]);
    }

    [Fact]
    public void Should_keep_what_is_readable_already_when_wrapped()
    {
        var known = new StartupException(ExitCodes.DataDirectory, "as it is");

        StartupErrors.Explain(new AggregateException(known), new ImOptions()).ShouldBeSameAs(known);
    }

    [Fact]
    public void Should_not_explain_when_no_operator_could_mend_it()
    {
        StartupErrors.Explain(new InvalidOperationException("a fault of ours"), new ImOptions()).ShouldBeNull();
    }
}
