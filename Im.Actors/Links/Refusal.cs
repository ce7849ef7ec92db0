using Im.Actors.Conversations;
using Im.Actors.Telemetry;
using Im.Protocol;

namespace Im.Actors.Links;

/// <summary>What becomes of a message that a full link does not take.</summary>
internal static class Refusal
{
    /// <summary>Who wants a record hears at once that nothing was done; for others it is lost, see <see cref="NodeLink"/>.</summary>
    public static void Answer(object message)
    {
        ImMetrics.LinkRefused();
        var (replyTo, tag) = message switch
        {
            ConversationCommands.Post post => (post.ReplyTo, post.Tag),
            ConversationCommands.Amend amend => (amend.ReplyTo, amend.Tag),
            ConversationCommands.Group group => (group.ReplyTo, group.Tag),
            _ => (null, 0L),
        };
        replyTo?.Tell(new ConversationEvents.PostRefused(tag, ReplyCode.Overloaded), Akka.Actor.ActorRefs.NoSender);
    }
}
