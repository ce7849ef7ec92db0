namespace Im.Protocol.Json;

/// <summary>The command names of protocol.md §4, and one string per name for the whole process.</summary>
public static class CommandNames
{
    public const string Login = "login";
    public const string Logout = "logout";
    public const string Heartbeat = "heartbeat";
    public const string Ping = "ping";
    public const string Join = "join";
    public const string Leave = "leave";
    public const string Message = "msg";
    public const string Token = "token";
    public const string Watch = "watch";
    public const string Enter = "enter";
    public const string Exit = "exit";
    public const string Count = "count";
    public const string Kicked = "kicked";
    public const string TokenExpiring = "token_expiring";
    public const string Presence = "presence";
    public const string GoAway = "goaway";
    public const string SyncRequired = "sync_required";
    public const string Ack = "ack";
    public const string History = "history";
    public const string Sync = "sync";
    public const string Read = "read";
    public const string Receipt = "receipt";
    public const string Typing = "typing";
    public const string Conversations = "convs";
    public const string Edit = "edit";
    public const string Recall = "recall";
    public const string Group = "group";

    internal static string Intern(string name) => string.IsInterned(name) ?? name;
}
