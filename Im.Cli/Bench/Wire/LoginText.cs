using System.Globalization;
using System.Text.Unicode;

namespace Im.Cli.Bench.Wire;

/// <summary>A login of level 2. The run's name is part of users and devices, so that two runs against one node do not meet.</summary>
/// <param name="tokens">By client; null for guests.</param>
internal sealed class LoginText(uint app, string run, IReadOnlyList<string>? tokens)
{
    public static string UserName(string run, int user) => string.Create(CultureInfo.InvariantCulture, $"u{run}-{user}");

    /// <param name="attempt">A device's later login has a higher one.</param>
    /// <param name="more">Further members of the command's data, each with a comma before it.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> target, int user, int attempt, string more = "")
    {
        var (member, who) = tokens is null ? ("userId", UserName(run, user)) : ("serviceToken", tokens[user]);
        Utf8.TryWrite(
            target,
            CultureInfo.InvariantCulture,
            $$$"""{"seq":"q1","cmd":"login","data":{"v":2,"appId":{{{app}}},"{{{member}}}":"{{{who}}}","device":"d-{{{run}}}-{{{user:D8}}}","platform":"web","try":{{{attempt}}}{{{more}}}}}""",
            out var written);
        return written;
    }
}
