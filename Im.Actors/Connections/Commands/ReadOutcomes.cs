using Im.Actors.Conversations.Store;
using Im.Protocol;

namespace Im.Actors.Connections.Commands;

internal static class ReadOutcomes
{
    /// <summary>The reply code of what could not be read.</summary>
    public static ReplyCode Code(this ReadOutcome outcome) => outcome switch
    {
        ReadOutcome.Found => ReplyCode.Success,
        ReadOutcome.NotAMember => ReplyCode.NotAMember,
        ReadOutcome.NoConversation => ReplyCode.NoSuchConversation,
        _ => ReplyCode.Overloaded,
    };
}
