using Im.Actors.Sessions;
using Im.Cli.Commands;
using Im.Cli.Token;
using Im.Node.Auth;
using Im.Node.Configuration;
using Im.Protocol.Names;
using Im.Tests.Auth;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli.Token;

public sealed class TokenCommandSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Should_print_a_token_that_the_node_takes_and_nothing_else()
    {
        var secrets = SecretsFile.OpenOrCreate(_data.File("data"));

        var (code, output, error) = Run("--user", "马远", "--app", "101", "--data", _data.File("data"));

        (code, error).ShouldBe((0, ""));
        var line = output.TrimEnd('\n', '\r');
        line.ShouldNotContain('\n');
        var keys = new SymmetricKeys(SymmetricKeys.Decode(secrets.JwtKey, null), new TokenAudience(null, null));
        var validator = new TokenValidator(keys, TimeSpan.Zero, Jwt.MaxLifetime, TimeProvider.System);
        var check = await validator.CheckAsync(line, new AppId(101));
        (check.Verdict, check.User.Value).ShouldBe((TokenVerdict.Valid, "马远"));
        check.TokenId.ShouldNotBeNull();
        (await validator.CheckAsync(line, new AppId(102))).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_write_issuer_and_audience_when_they_are_given()
    {
        var key = Convert.ToBase64String(new byte[32]);

        var (_, output, _) = Run("--user", "alice", "--key", key, "--issuer", "login", "--audience", "chat", "--ttl", "30m");

        var validator = new TokenValidator(new SymmetricKeys([new byte[32]], new TokenAudience("login", "chat")), TimeSpan.Zero, Jwt.MaxLifetime, TimeProvider.System);
        (await validator.CheckAsync(output.Trim(), new AppId(7))).Verdict.ShouldBe(TokenVerdict.Valid);
    }

    [Fact]
    public void Should_say_where_it_looked_when_there_is_no_key()
    {
        var (code, output, error) = Run("--user", "alice", "--data", _data.File("nowhere"));

        (code, output).ShouldBe((2, ""));
        error.ShouldContain(_data.File("nowhere"));
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("no base64 at all, and rather long")]
    public void Should_refuse_a_key_without_showing_it_when_it_is_unusable(string key)
    {
        var (code, output, error) = Run("--user", "alice", "--key", key);

        (code, output).ShouldBe((2, ""));
        error.ShouldNotContain(key);
    }

    [Theory]
    [InlineData("--user", "a|b")]
    [InlineData("--user", "alice", "--ttl", "soon")]
    [InlineData("--user", "alice", "--ttl", "0s")]
    [InlineData("--app", "101")]
    public void Should_refuse_the_command_line_when_it_is_wrong(params string[] args)
    {
        var (code, output, error) = Run(args);

        code.ShouldNotBe(0);
        output.ShouldNotContain("eyJ", Case.Sensitive);
        error.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("1h", 3_600)]
    [InlineData("7d", 604_800)]
    public void Should_read_durations_as_people_write_them(string text, int seconds)
    {
        TimeToLive.TryParse(text, out var value).ShouldBeTrue();

        value.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ImCommand.Create().Parse(["token", .. args]).Invoke(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
