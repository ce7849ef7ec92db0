using System.Text;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Node.Compat;

/// <summary>What the seed's HTTP and gRPC can both do, said to the broker.</summary>
internal sealed class SeedOperations(IBroker broker, CompatSettings settings)
{
    /// <summary>Names that a user list holds at most; a longer one is cut and says so.</summary>
    public const int MaxListedUsers = 100_000;

    private const int MaxCommandCharacters = 64;

    /// <summary>The seed waits this long for the node that has the user.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="app">0 asks all apps.</param>
    /// <returns>Null when nobody who would know has answered.</returns>
    public async Task<bool?> IsOnlineAsync(uint app, string userId, CancellationToken cancellation)
    {
        if (!UserId.TryParse(userId, out var user)) return false;
        var apps = app == 0 ? settings.Apps : settings.Apps.Where(known => known == app);
        var asked = await Task.WhenAll(apps.Select(each => broker.QueryOnlineAsync(new AppId(each), [user], cancellation)));
        var answers = asked.SelectMany(static presences => presences).Select(static presence => presence.Online).ToList();
        return answers.Contains(true) ? true : answers.Contains(null) ? null : false;
    }

    /// <returns>The members of a room, none for an app that is not configured.</returns>
    public async Task<(IReadOnlyList<string> Users, bool Truncated)> ListUsersAsync(uint app, ConversationId room, CancellationToken cancellation)
    {
        var users = new List<string>();
        if (!settings.Apps.Contains(app)) return (users, false);

        string? after = null;
        do
        {
            var page = await broker.ListUsersAsync(new AppId(app), room, MaxListedUsers - users.Count, after, cancellation);
            users.AddRange(page.Users.Select(static user => user.Value));
            after = page.Next;
        }
        while (after is not null && users.Count < MaxListedUsers);
        return (users, after is not null);
    }

    /// <summary>Pushes to one user, whose own name stands as the sender, as in the seed.</summary>
    public async Task<SeedSendResult> SendAsync(SeedMessage message, CancellationToken cancellation)
    {
        if (Refuse(message, out var user) is { } refused) return refused;
        if (!settings.Apps.Contains(message.App)) return SeedSendResult.Offline;

        var push = new UserPush(
            new AppId(message.App), user, user.Value, "text", message.Text, null, [], Key(message),
            WaitFor.Written, Patience, Command(message), Sequence(message));
        var result = await broker.PushToUserAsync(push, cancellation);
        if (result.Duplicate) return SeedSendResult.AlreadySent;
        if (result.Devices.Any(HasIt)) return SeedSendResult.Delivered;
        return result.State == DeliveryState.Unknown ? SeedSendResult.Offline with { Error = "The user's node did not answer." } : SeedSendResult.Offline;
    }

    /// <summary>Pushes to everyone in the app's lobby but the sender. An app that is not configured has nobody in it.</summary>
    public async Task<SeedSendResult> SendAllAsync(SeedMessage message, CancellationToken cancellation)
    {
        if (Refuse(message, out var sender) is { } refused) return refused;
        if (!settings.Apps.Contains(message.App)) return SeedSendResult.Delivered;

        var command = Command(message);
        var push = new ConversationPush(
            new AppId(message.App), ConversationId.Lobby, sender.Value, "text", message.Text, null, Key(message), Patience,
            Numbered: command == "msg", sender, command, Sequence(message));
        var result = await broker.PushToConversationAsync(push, cancellation);
        if (result.Code != ReplyCode.Success) return new SeedSendResult(result.Code);
        return result.Duplicate ? SeedSendResult.AlreadySent : SeedSendResult.Delivered;
    }

    private SeedSendResult? Refuse(SeedMessage message, out UserId user)
    {
        if (!UserId.TryParse(message.User, out user)) return new SeedSendResult(ReplyCode.BadUserId);
        if (Encoding.UTF8.GetByteCount(message.Text) > settings.MaxTextBytes) return new SeedSendResult(ReplyCode.TooLarge);
        var acceptable = Encoding.UTF8.GetByteCount(message.Seq) <= SeedMessageId.MaxBytes
            && message.Cmd.Length <= MaxCommandCharacters
            && !message.Cmd.Any(char.IsControl);
        return acceptable ? null : new SeedSendResult(ReplyCode.BadParameter);
    }

    private static bool HasIt(DeviceDelivery device) => device.State is DeliveryState.Written or DeliveryState.Pending or DeliveryState.Acked;

    private static string? Key(SeedMessage message) => message.Once ? SeedMessageId.ToKey(message.Seq) : null;

    private static string Command(SeedMessage message) => message.Cmd.Length == 0 ? "msg" : message.Cmd;

    private static string? Sequence(SeedMessage message) => message.Seq.Length == 0 ? null : message.Seq;
}
