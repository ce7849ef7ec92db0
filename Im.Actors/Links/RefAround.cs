using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Im.Actors.Links;

/// <summary>An actor's reference that is the same actor, told in another way.</summary>
internal abstract class RefAround(IInternalActorRef inner) : InternalActorRefBase
{
    public override ActorPath Path => inner.Path;

    public override IInternalActorRef Parent => inner.Parent;

    public override IActorRefProvider Provider => inner.Provider;

    public override bool IsTerminated => false;

    public override bool IsLocal => inner.IsLocal;

    public override IActorRef GetChild(IReadOnlyList<string> name) => inner.GetChild(name);

    public override void Resume(Exception? causedByFailure = null) => inner.Resume(causedByFailure);

    public override void Start() => inner.Start();

    public override void Stop() => inner.Stop();

    public override void Restart(Exception cause) => inner.Restart(cause);

    public override void Suspend() => inner.Suspend();

    public override void SendSystemMessage(ISystemMessage message) => inner.SendSystemMessage(message);
}
