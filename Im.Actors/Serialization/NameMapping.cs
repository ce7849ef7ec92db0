using System.Runtime.Serialization;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Serialization;

/// <summary>Keys of users, conversations and records.</summary>
internal static class NameMapping
{
    public static Wire.User ToWire(this UserKey user) => new() { App = user.App.Value, Name = user.User.Value };

    public static UserKey FromWire(this Wire.User? user) => new(new AppId(Required.Of(user).App), User(user!.Name));

    public static Wire.Conversation ToWire(this ConversationKey conversation) => new() { App = conversation.App.Value, Id = conversation.Conversation.Value };

    public static ConversationKey FromWire(this Wire.Conversation? conversation) =>
        new(new AppId(Required.Of(conversation).App), Conversation(conversation!.Id));

    public static Wire.Place ToWire(this RecordPlace place) => new() { Conversation = place.Conversation.Value, Epoch = place.Epoch, Mseq = place.Mseq };

    public static RecordPlace FromWire(this Wire.Place place) => new(Conversation(place.Conversation), place.Epoch, place.Mseq);

    public static UserId User(string name) => name.Length is > 0 and <= UserId.MaxBytes ? new UserId(name) : throw new SerializationException("A user without a name.");

    /// <summary>One string for the lobby, where most connections are.</summary>
    public static ConversationId Conversation(string id)
    {
        if (id == ConversationId.Lobby.Value) return ConversationId.Lobby;
        return id.Length >= 3 && id[1] == ':' ? new ConversationId(id) : throw new SerializationException("A conversation without a name.");
    }

    /// <summary>One string per platform.</summary>
    public static string PlatformName(string platform) => Platform.Find(platform) ?? platform;
}
