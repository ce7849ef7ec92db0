using System.Diagnostics;
using Grpc.Core;
using Im.Cli.Bench.Measure;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Push;

/// <summary>
/// A call for each push, as many at once as there are lanes. Each lane has users of its own and waits for an answer before it calls again, since calls that are under way at the same
/// time have no order.
/// </summary>
internal sealed class UnaryCaller(PushService.PushServiceClient client, PushRequests requests, PushOutcomes outcomes, int users, int inFlight) : IPushCaller
{
    public int Lanes { get; } = Math.Min(users, inFlight);

    public Task RunAsync(LoadPass pass, CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => RunAsync(pass, lane, stop, giveUp), CancellationToken.None)));

    private async Task RunAsync(LoadPass pass, int lane, CancellationToken stop, CancellationToken giveUp)
    {
        var mine = (users - lane + Lanes - 1) / Lanes;
        try
        {
            for (var turn = 0; !stop.IsCancellationRequested; turn++)
            {
                var since = pass.IsPaced ? pass.DueAt(lane, turn) : Stopwatch.GetTimestamp();
                if (since == long.MaxValue) return;
                if (pass.IsPaced && !await Pacing.UntilAsync(since, stop).ConfigureAwait(false)) return;
                var answer = await client.PushToUserAsync(requests.Next(lane + turn % mine * Lanes, since), cancellationToken: giveUp).ConfigureAwait(false);
                if (outcomes.Note(answer)) pass.Record(lane, Stopwatch.GetTimestamp() - since);
            }
        }
        catch (RpcException failure)
        {
            if (!giveUp.IsCancellationRequested) outcomes.Failed(failure);
        }
    }
}
