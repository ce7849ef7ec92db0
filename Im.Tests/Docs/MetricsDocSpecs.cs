using System.Diagnostics.Metrics;
using Im.Actors.Telemetry;
using Shouldly;
using Xunit;

namespace Im.Tests.Docs;

/// <summary>docs/metrics.md lists exactly the instruments that exist, with kind and unit.</summary>
public sealed class MetricsDocSpecs
{
    [Fact]
    public void Should_list_every_instrument_and_no_other()
    {
        var documented = MarkdownTable.Rows("docs/metrics.md").Where(cells => cells[0].StartsWith("im.", StringComparison.Ordinal))
            .Select(cells => $"{cells[0]} {cells[1]} {cells[2]}");

        documented.Order().ShouldBe(Instruments().Order());
    }

    private static List<string> Instruments()
    {
        ImMetrics.Start();
        List<string> found = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Add(instrument) };
        listener.Start();
        return found;

        void Add(Instrument instrument)
        {
            if (instrument.Meter.Name == ImMetrics.MeterName) found.Add($"{instrument.Name} {KindOf(instrument)} {instrument.Unit}");
        }
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<double> => "counter",
        Histogram<double> => "histogram",
        ObservableGauge<long> => "gauge",
        _ => throw new NotSupportedException(instrument.GetType().Name),
    };
}
