using Xunit;

namespace Im.Tests.Compat;

/// <summary>A fresh open host for each test.</summary>
public abstract class CompatSpecs : IAsyncLifetime
{
    private CompatHost? _host;

    private protected CompatHost Host => _host!;

    private protected FakeBroker Broker => Host.Broker;

    public async Task InitializeAsync() => _host = await CompatHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
