using System.Threading.Channels;
using Grpc.Core;
using Im.Node.Ingress.Errors;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Services;

/// <summary>
/// One PushStream: pushes are begun in the order in which they come and carried out side by side; their answers go out as they
/// are known.
/// </summary>
/// <remarks>Bound: <see cref="IngressLimits.MaxStreamInFlightCount"/> pushes without a written answer; then the stream is not read.</remarks>
internal sealed partial class PushStreamCall(PushCalls calls, ILogger logger, ServerCallContext context) : IDisposable
{
    private readonly SemaphoreSlim _places = new(IngressLimits.MaxStreamInFlightCount);
    private readonly Channel<PushStreamResponse> _answers = Channel.CreateBounded<PushStreamResponse>(new BoundedChannelOptions(IngressLimits.MaxStreamInFlightCount) { SingleReader = true });

    /// <param name="stopping">The node drains: what was read is answered, then the stream ends with UNAVAILABLE.</param>
    public async Task RunAsync(IAsyncStreamReader<PushStreamRequest> requests, IServerStreamWriter<PushStreamResponse> responses, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var writing = WriteAsync(responses);
        try
        {
            await ReadAsync(requests, end.Token);
            for (var i = 0; i < IngressLimits.MaxStreamInFlightCount; i++) await _places.WaitAsync(context.CancellationToken);
        }
        finally
        {
            _answers.Writer.Complete();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (stopping.IsCancellationRequested) throw IngressErrors.Stopping().ToException();
    }

    public void Dispose() => _places.Dispose();

    private async Task ReadAsync(IAsyncStreamReader<PushStreamRequest> requests, CancellationToken end)
    {
        while (true)
        {
            await _places.WaitAsync(context.CancellationToken);
            if (await IsOverAsync(requests, end))
            {
                _places.Release();
                return;
            }

            _ = AnswerAsync(requests.Current);
        }
    }

    /// <returns>True when the caller is done, or the node drains.</returns>
    private async Task<bool> IsOverAsync(IAsyncStreamReader<PushStreamRequest> requests, CancellationToken end)
    {
        try
        {
            return !await requests.MoveNext(end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>Never throws: what goes wrong is the answer.</summary>
    private async Task AnswerAsync(PushStreamRequest request)
    {
        var answer = new PushStreamResponse { Tag = request.Tag };
        try
        {
            switch (request.PushCase)
            {
                case PushStreamRequest.PushOneofCase.ToUser:
                    answer.ToUser = await calls.PushAsync(request.ToUser, context);
                    break;
                case PushStreamRequest.PushOneofCase.ToConversation:
                    answer.ToConversation = await calls.PushAsync(request.ToConversation, context);
                    break;
                default:
                    answer.Error = IngressErrors.Invalid("push", "neither toUser nor toConversation is set.");
                    break;
            }
        }
        catch (RpcException refusal)
        {
            answer.Error = refusal.ToStatus();
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            answer.Error = IngressErrors.DeadlineExceeded();
        }
        catch (Exception error)
        {
            OneFailed(logger, error);
            answer.Error = IngressErrors.Internal();
        }

        _answers.Writer.TryWrite(answer);
    }

    private async Task WriteAsync(IServerStreamWriter<PushStreamResponse> responses)
    {
        await foreach (var answer in _answers.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync(answer, context.CancellationToken);
            _places.Release();
        }
    }

    [LoggerMessage(5, LogLevel.Error, "A push of a stream failed")]
    private static partial void OneFailed(ILogger logger, Exception error);
}
