using System.CommandLine;
using System.CommandLine.Parsing;
using Im.Cli.Bench;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Cli.Token;

namespace Im.Cli.Commands;

/// <summary>Whether the clients of a bench are guests or have tokens, and the key of these.</summary>
/// <param name="several">Both take turns: <c>--auth guest,jwt</c>.</param>
internal sealed class LoginOptions(TargetOptions target, bool several = false)
{
    private readonly Option<string[]> _auth = new("--auth")
    {
        DefaultValueFactory = _ => ["guest"],
        CustomParser = Parse,
        Description = Say.It("guest, or jwt: every login with a token of its own, signed before", "guest，或 jwt：每次登录都用事先签发的令牌")
            + (several ? Say.It("; guest,jwt: two nodes take turns", "；guest,jwt：两个节点交替测量") : ""),
    };

    private readonly Option<string?> _key = new("--key") { Description = Say.It("base64 of a running node's key (default: jwtKey of secrets.json)", "运行中节点密钥的 base64（默认：secrets.json 的 jwtKey）") };
    private readonly Option<string?> _data = new("--data") { Description = Say.It("a running node's data directory, for its key", "运行中节点的数据目录，用于读取密钥") };

    public void AddTo(Command command)
    {
        command.Options.Add(_auth);
        command.Options.Add(_key);
        command.Options.Add(_data);
        command.Validators.Add(Check);
    }

    /// <summary>In the order that was asked for. A node that is started gets a key of its own.</summary>
    /// <exception cref="BenchException">There is no key of the running node.</exception>
    public IReadOnlyList<LoginMode> Modes(ParseResult result) => [.. result.GetValue(_auth)!.Select(name => name == "jwt" ? Jwt(result) : LoginMode.Guest)];

    /// <summary>Is somebody to log in with a token?</summary>
    public bool TryReadJwt(SymbolResult result, out bool isJwt)
    {
        var isRead = result.TryRead(_auth, out var names);
        isJwt = isRead && names!.Contains("jwt");
        return isRead;
    }

    private LoginMode Jwt(ParseResult result)
    {
        var (key, data) = (result.GetValue(_key), result.GetValue(_data));
        try
        {
            if (key is not null) return new LoginMode(SigningKey.Decode(key, "--key"));
            return data is not null || result.GetValue(target.Url) is { Length: > 0 } ? new LoginMode(SigningKey.Find(data)) : LoginMode.NewJwt();
        }
        catch (SigningKeyException failure)
        {
            throw new BenchException(failure.Message);
        }
    }

    private void Check(CommandResult result)
    {
        if (!result.TryRead(_auth, out var names) || !result.TryRead(_key, out var key) || !result.TryRead(_data, out var data)) return;
        if (!names!.Contains("jwt") && (key is not null || data is not null)) result.AddError(Say.It("--key and --data are for --auth jwt.", "--key 与 --data 仅用于 --auth jwt。"));
        if (names!.Length == 1) return;
        if (!several || names!.Distinct().Count() < names!.Length) result.AddError(Say.It($"--auth {string.Join(',', names!)}: each once{(several ? "" : ", and one only here")}.", $"--auth {string.Join(',', names!)}：{(several ? "每种只写一次" : "此处只能是一种")}。"));
        else if (result.TryRead(target.Url, out var url) && url is { Length: > 0 }) result.AddError(Say.It("A running node is in one mode: --auth guest or --auth jwt.", "运行中的节点只有一种模式：--auth guest 或 --auth jwt。"));
    }

    private static string[]? Parse(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
        if (names.FirstOrDefault(name => name is not ("guest" or "jwt")) is not { } wrong) return names;
        result.AddError(Say.It($"--auth: '{wrong}' is neither guest nor jwt.", $"--auth：“{wrong}” 不是 guest 或 jwt。"));
        return null;
    }
}
