using System.Collections.Concurrent;
using Grpc.Core;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Push;

/// <summary>What the answers said, where it was not that the push was written to the user's socket.</summary>
internal sealed class PushOutcomes
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>By state or error, how often.</summary>
    public IReadOnlyDictionary<string, int> Others => _counts;

    /// <returns>True when the push was written, or more.</returns>
    public bool Note(PushStreamResponse answer)
    {
        if (answer.Error is { } error) return Count($"{(StatusCode)error.Code}: {error.Message}");
        return Note(answer.ToUser);
    }

    /// <returns>True when the push was written, or more.</returns>
    public bool Note(PushToUserResponse answer) =>
        answer.User.State is UserDelivery.Types.State.Written or UserDelivery.Types.State.Acked || Count(answer.User.State.ToString().ToUpperInvariant());

    public void Failed(RpcException failure) => Count($"{failure.StatusCode}: {failure.Status.Detail}");

    private bool Count(string outcome)
    {
        _counts.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
        return false;
    }
}
