using Akka.Actor;
using Im.Actors.Conversations.Store;

namespace Im.Tests.Storage;

/// <summary>Stands where an owner's reference stands and hands its one answer to a test.</summary>
internal sealed class AnswerProbe : MinimalActorRef
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "test")) / "answer";

    public override IActorRefProvider Provider => throw new NotSupportedException();

    public bool HasAnswer => _answer.Task.IsCompleted;

    public Task<AppendResult> AnswerAsync() => _answer.Task.WaitAsync(Bound);

    protected override void TellInternal(object message, IActorRef sender) => _answer.SetResult((AppendResult)message);
}
