using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Im.Cli.Bench.Measure;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Push;

/// <summary>
/// Pushes over a few streams at once. On each a writer and a reader share a number of places: a push takes one, its tag says which, its answer gives it back. No more is
/// unanswered than there are places. Requests that can go at once go in one write.
/// </summary>
internal sealed class StreamCaller(PushService.PushServiceClient client, PushRequests requests, PushOutcomes outcomes, int users, int streams, int inFlight) : IPushCaller
{
    private static readonly WriteOptions Held = new(WriteFlags.BufferHint);
    private static readonly WriteOptions AtOnce = new();

    public int Lanes => streams;

    public Task RunAsync(LoadPass pass, CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, streams).Select(lane => Task.Run(() => RunAsync(pass, lane, stop, giveUp), CancellationToken.None)));

    private async Task RunAsync(LoadPass pass, int lane, CancellationToken stop, CancellationToken giveUp)
    {
        var places = Math.Max(1, inFlight / streams);
        var free = Channel.CreateBounded<int>(places);
        for (var place = 0; place < places; place++) free.Writer.TryWrite(place);
        var since = new long[places];
        using var call = client.PushStream(cancellationToken: giveUp);
        var reading = ReadAsync(call.ResponseStream, pass, lane, since, free.Writer, giveUp);
        try
        {
            await WriteAsync(call.RequestStream, pass, lane, since, free.Reader, stop).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException or ChannelClosedException)
        {
            // The stream is over: its reader knows why.
        }

        await reading.ConfigureAwait(false);
    }

    /// <summary>Returns when the pass has no more, or is stopped; throws when the stream is over.</summary>
    private async Task WriteAsync(IClientStreamWriter<PushStreamRequest> stream, LoadPass pass, int lane, long[] since, ChannelReader<int> free, CancellationToken stop)
    {
        var mine = (users - lane + streams - 1) / streams;
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var due = pass.IsPaced ? pass.DueAt(lane, turn) : 0;
            if (due == long.MaxValue) return;
            if (pass.IsPaced && !await Pacing.UntilAsync(due, stop).ConfigureAwait(false)) return;
            if (await TakeAsync(free, stop).ConfigureAwait(false) is not { } place) return;
            since[place] = pass.IsPaced ? due : Stopwatch.GetTimestamp();
            var goesOn = free.Count > 0 && !stop.IsCancellationRequested && (!pass.IsPaced || pass.DueAt(lane, turn + 1) <= Stopwatch.GetTimestamp());
            stream.WriteOptions = goesOn ? Held : AtOnce;
            await stream.WriteAsync(new PushStreamRequest { Tag = place, ToUser = requests.Next(lane + turn % mine * streams, since[place]) }, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <returns>Null when the pass is stopped first.</returns>
    private static async ValueTask<int?> TakeAsync(ChannelReader<int> free, CancellationToken stop)
    {
        try
        {
            return await free.ReadAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<PushStreamResponse> stream, LoadPass pass, int lane, long[] since, ChannelWriter<int> free, CancellationToken giveUp)
    {
        try
        {
            while (await stream.MoveNext(giveUp).ConfigureAwait(false))
            {
                var place = (int)stream.Current.Tag;
                if (outcomes.Note(stream.Current)) pass.Record(lane, Stopwatch.GetTimestamp() - since[place]);
                free.TryWrite(place);
            }
        }
        catch (RpcException failure)
        {
            if (!giveUp.IsCancellationRequested) outcomes.Failed(failure);
        }
        catch (OperationCanceledException)
        {
            // Given up: what has no answer is counted as missing.
        }
        finally
        {
            free.Complete();
        }
    }
}
