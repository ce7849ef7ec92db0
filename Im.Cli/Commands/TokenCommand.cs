using System.CommandLine;
using Im.Cli.Text;
using Im.Cli.Token;
using Im.Protocol.Names;

namespace Im.Cli.Commands;

/// <summary><c>im token</c>: prints a token for a user and nothing else, so that a script can take it.</summary>
internal sealed class TokenCommand
{
    private readonly Option<string> _user = new("--user") { Description = Say.It("who logs in with it", "用它登录的用户"), Required = true };
    private readonly Option<uint?> _app = new("--app") { Description = Say.It("only for this app; not given: for all", "仅限该应用；不写表示所有应用") };
    private readonly Option<string> _ttl = new("--ttl") { Description = Say.It("how long it holds: 90s, 30m, 1h, 7d", "有效时长：90s、30m、1h、7d"), DefaultValueFactory = _ => "1h" };
    private readonly Option<string?> _key = new("--key") { Description = Say.It("base64 of the key; not given: jwtKey of the node's secrets.json", "密钥的 base64；不写则取节点 secrets.json 的 jwtKey") };
    private readonly Option<string?> _data = new("--data") { Description = Say.It("the node's data directory", "节点的数据目录") };
    private readonly Option<string?> _issuer = new("--issuer") { Description = Say.It("iss, where the node asks for it", "iss，节点要求时填写") };
    private readonly Option<string?> _audience = new("--audience") { Description = Say.It("aud, where the node asks for it", "aud，节点要求时填写") };

    public Command Create()
    {
        var command = new Command("token", Say.It("a token to log in with (jwt mode)", "签发登录令牌（jwt 模式）")) { _user, _app, _ttl, _key, _data, _issuer, _audience };
        command.Validators.Add(result =>
        {
            if (result.TryRead(_user, out var user) && !UserId.TryParse(user, out _))
                result.AddError(Say.It("--user is no user name: 1 to 64 bytes of UTF-8 without | and control characters.", "--user 不是合法的用户名：1 至 64 字节 UTF-8，不含 | 和控制字符。"));
            if (result.TryRead(_ttl, out var ttl) && !TimeToLive.TryParse(ttl, out _))
                result.AddError(Say.It("--ttl is no duration: write 90s, 30m, 1h or 7d.", "--ttl 不是合法时长：请写作 90s、30m、1h 或 7d。"));
        });
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        try
        {
            var key = result.GetValue(_key) is { } given ? SigningKey.Decode(given, "--key") : SigningKey.Find(result.GetValue(_data));
            var ttl = TimeToLive.TryParse(result.GetValue(_ttl), out var parsed) ? parsed : TimeSpan.FromHours(1);
            var claims = new TokenClaims(result.GetValue(_user)!, result.GetValue(_app), result.GetValue(_issuer), result.GetValue(_audience));
            result.InvocationConfiguration.Output.WriteLine(TokenWriter.Sign(claims, key, TimeProvider.System.GetUtcNow(), ttl));
            return 0;
        }
        catch (SigningKeyException failure)
        {
            result.InvocationConfiguration.Error.WriteLine(failure.Message);
            return 2;
        }
    }
}
