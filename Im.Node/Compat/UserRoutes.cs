using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Node.Compat;

/// <summary>The seed's <c>/user/*</c>.</summary>
internal static class UserRoutes
{
    public static async Task ListAsync(HttpContext context, SeedOperations operations)
    {
        var query = context.Request.Query;
        if (ParseRoom(query["room"]) is not { } room)
        {
            await SeedAnswer.RefusedAsync(context, ReplyCode.BadParameter);
            return;
        }

        var (users, truncated) = await operations.ListUsersAsync(SeedNumber.Parse(query["appId"].FirstOrDefault()), room, context.RequestAborted);
        var data = new SeedObject { ["userCount"] = users.Count, ["userList"] = users };
        if (truncated) data["truncated"] = true;
        await SeedAnswer.SuccessAsync(context, data);
    }

    public static async Task OnlineAsync(HttpContext context, SeedOperations operations)
    {
        var query = context.Request.Query;
        var user = query["userId"].FirstOrDefault() ?? "";
        if (await operations.IsOnlineAsync(SeedNumber.Parse(query["appId"].FirstOrDefault()), user, context.RequestAborted) is { } online)
            await SeedAnswer.SuccessAsync(context, new SeedObject { ["online"] = online, ["userID"] = user });
        else
            await SeedAnswer.FailedAsync(context);
    }

    public static Task SendMessageAsync(HttpContext context, SeedOperations operations) => SendAsync(context, operations.SendAsync);

    public static Task SendMessageAllAsync(HttpContext context, SeedOperations operations) => SendAsync(context, operations.SendAllAsync);

    private static async Task SendAsync(HttpContext context, Func<SeedMessage, CancellationToken, Task<SeedSendResult>> send)
    {
        var (message, code) = await SeedForm.ReadAsync(context);
        var result = message is null ? new SeedSendResult(code) : await send(message, context.RequestAborted);
        var data = new SeedObject();
        if (result is { Code: ReplyCode.Success, Duplicate: false }) data["sendResults"] = result.Sent;
        if (result.Error is { } error) data["sendResultsErr"] = error;
        await SeedAnswer.WriteAsync(context, result.Code, data);
    }

    /// <summary>Ours: <c>room=</c> names a room, with or without its <c>r:</c>; the lobby when absent.</summary>
    private static ConversationId? ParseRoom(string? text)
    {
        if (string.IsNullOrEmpty(text)) return ConversationId.Lobby;
        var name = text.StartsWith("r:", StringComparison.Ordinal) ? text : "r:" + text;
        return ConversationId.TryParse(name, out var room) ? room : null;
    }
}
