using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Storm;

/// <summary>A back end that stores messages in the rooms, one after the other in each.</summary>
internal sealed class RoomFeed(PushService.PushServiceClient client, RoomLog log, uint app, int sizeBytes)
{
    private const int TimeoutMs = 30_000;
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Stores so many messages in every room; the rooms go side by side.</summary>
    /// <exception cref="BenchException">One was refused.</exception>
    public async Task StoreAsync(int count, CancellationToken cancellation)
    {
        for (var turn = 0; turn < count; turn++)
        {
            await Task.WhenAll(Enumerable.Range(0, log.Rooms).Select(room => StoreOneAsync(room, cancellation)));
        }
    }

    private async Task StoreOneAsync(int room, CancellationToken cancellation)
    {
        var number = log.CountOf(room);
        var request = new PushToConversationRequest
        {
            App = app,
            Conv = log.NameOf(room),
            Msg = MarkerText.Of(number, Stopwatch.GetTimestamp(), sizeBytes),
            TimeoutMs = TimeoutMs,
            // So that one that may have been stored can be asked for again.
            IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"storm-{number}"),
        };
        var started = Stopwatch.GetTimestamp();
        while (!await TryStoreAsync(room, request, Stopwatch.GetElapsedTime(started) < RetryLimit, cancellation)) await Task.Delay(RetryPause, cancellation);
    }

    private async Task<bool> TryStoreAsync(int room, PushToConversationRequest request, bool mayRetry, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.PushToConversationAsync(request, cancellationToken: cancellation);
            log.Add(room, answer.Epoch, answer.Mseq);
            return true;
        }
        catch (RpcException refused)
        {
            if (mayRetry && refused.StatusCode is (StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted)) return false;
            throw new BenchException(Say.It($"A message was not stored: {refused.Status.Detail}", $"消息未能存储：{refused.Status.Detail}"));
        }
    }
}
