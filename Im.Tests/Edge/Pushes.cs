using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Protocol.Names;

namespace Im.Tests.Edge;

/// <summary>Pushes with the members that a test does not care about filled in.</summary>
internal static class Pushes
{
    public static readonly AppId App = new(101);

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static UserPush ToUser(string user, string text, string? key = null, IReadOnlyList<string>? platforms = null, double seconds = 20) =>
        new(App, new UserId(user), "system", "text", text, null, platforms ?? [], key, WaitFor.Written, TimeSpan.FromSeconds(seconds));

    /// <summary>A push that is stored.</summary>
    public static UserPush Stored(string user, string text, string? key = null, WaitFor waitFor = WaitFor.Stored, IReadOnlyList<string>? platforms = null, double seconds = 20) =>
        ToUser(user, text, key, platforms, seconds) with { Persist = true, WaitFor = waitFor };

    /// <summary>A push that ends by its time, with more of it when a busy machine got nowhere in the little that is enough as a rule.</summary>
    /// <param name="push">Makes it, with so many seconds.</param>
    /// <param name="isInTime">It came as far as it was to come.</param>
    public static async Task<UserPushResult> ByItsTimeAsync(Func<double, Task<UserPushResult>> push, Func<UserPushResult, bool> isInTime)
    {
        foreach (var seconds in (double[])[0.3, 3])
        {
            if (await push(seconds) is var result && isInTime(result)) return result;
        }

        return await push(20);
    }

    public static GroupCall Group(string group, GroupChange change, string? key = null, string by = "owner") =>
        new(App, new ConversationId("g:" + group), new UserId(by), "api:test", key, change, Timeout);

    public static ConversationPush ToRoom(string room, string text, bool numbered = true, string? key = null, string? exclude = null) =>
        new(App, new ConversationId(room), "system", "text", text, null, key, Timeout, numbered, exclude is null ? null : new UserId(exclude));
}
