using System.Diagnostics.Metrics;
using Im.Actors.Telemetry;

namespace Im.Tests.Support;

/// <summary>What is added to a counter while this lives, by all nodes of this process.</summary>
internal sealed class CounterSum : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _total;

    public CounterSum(string instrument)
    {
        ImMetrics.Start();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == ImMetrics.MeterName && published.Name == instrument) listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _total, value));
        _listener.Start();
    }

    public long Total => Interlocked.Read(ref _total);

    public void Dispose() => _listener.Dispose();
}
