namespace Im.Node.Ingress.ApiKeys;

/// <summary>The closed list of what an API key may be allowed.</summary>
internal static class ApiKeyScopes
{
    public const string Push = "push";

    /// <summary>See who is connected.</summary>
    public const string Presence = "presence";

    /// <summary>End connections.</summary>
    public const string Session = "session";

    /// <summary>Read what conversations hold, make groups and change their members.</summary>
    public const string Conversation = "conversation";

    /// <summary>Operate the node.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Push, Presence, Session, Conversation, Admin];

    public static bool Allows(this ApiKeyIdentity key, string scope) => key.Scopes.Contains(scope);
}
