namespace Im.Protocol.Names;

/// <summary>A user of one app; as text <c>101|alice</c>, the SessionActor's entity id.</summary>
public readonly record struct UserKey(AppId App, UserId User)
{
    public override string ToString() => $"{App.Value}|{User.Value}";
}

/// <summary>A conversation of one app; as text <c>101/r:lobby</c>, the ConversationActor's entity id.</summary>
public readonly record struct ConversationKey(AppId App, ConversationId Conversation)
{
    public override string ToString() => $"{App.Value}/{Conversation.Value}";
}
