using Akka.Actor;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Actors.Connections;

/// <summary>Who is told that a connection which had logged in is gone.</summary>
internal static class Departure
{
    /// <param name="rooms">That it was in.</param>
    /// <param name="groups">Whose relays know it.</param>
    public static void Tell(ConnectionServices services, ConnectionSlot slot, Attachment attachment, IEnumerable<ConversationId> rooms, IEnumerable<ConversationId> groups)
    {
        services.Users.Remove(attachment.User, slot);
        services.Sessions.Tell(new SessionCommands.Detach(attachment.User, attachment.ConnectionId));
        var app = attachment.User.App;
        foreach (var room in rooms)
        {
            var key = new ConversationKey(app, room);
            services.Relays.For(key).Tell(new RelayCommands.Leave(key, slot, null));
        }

        foreach (var group in groups)
        {
            var key = new ConversationKey(app, group);
            services.Relays.For(key).Tell(new RelayCommands.UnfollowGroup(key, slot));
        }

        services.Relays.For(Topics.AppChannel(app)).Tell(new RelayCommands.Unfollow(app, slot));
    }
}
