using Im.Actors.Connections;
using Im.Actors.Sessions;

namespace Im.Actors.Nodes;

/// <summary>What a node says of the connections that it holds, cut so that no message between nodes becomes large.</summary>
internal static class HeldConnections
{
    /// <summary>Of one message between nodes.</summary>
    public const int MaxBytes = 60 * 1024;

    private const int BytesOfActorAndIds = 220;

    /// <summary>The connection as it would attach again; null when it has not logged in.</summary>
    public static SessionCommands.Attach? Of(ConnectionSlot slot) => slot.Attachment is not { } attachment ? null :
        new SessionCommands.Attach(attachment.User, attachment.ConnectionId, slot.Actor, attachment.Device, attachment.Platform, attachment.Try)
        {
            SinceMs = Math.Max(1, attachment.LoggedInAt.ToUnixTimeMilliseconds()),
        };

    /// <summary>In parts of at most <see cref="MaxBytes"/>, about; one empty part when there is nothing.</summary>
    public static IEnumerable<IReadOnlyList<SessionCommands.Attach>> Parts(IEnumerable<SessionCommands.Attach> connections)
    {
        var part = new List<SessionCommands.Attach>();
        var bytes = 0;
        foreach (var attach in connections)
        {
            var size = BytesOfActorAndIds + (3 * attach.User.User.Value.Length) + (attach.Device?.Length ?? 0);
            if (bytes + size > MaxBytes)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(attach);
            bytes += size;
        }

        yield return part;
    }
}
