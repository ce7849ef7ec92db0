using System.Runtime.Versioning;
using Im.Node.Configuration;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Configuration;

[UnsupportedOSPlatform("windows")]
public sealed class SecretsFileSpecs : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    private string Data => _root.File("data");

    private string File => Path.Combine(Data, SecretsFile.FileName);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Should_make_keys_for_the_owner_alone_when_the_directory_is_new()
    {
        var secrets = SecretsFile.OpenOrCreate(Data);

        secrets.Path.ShouldBe(File);
        Convert.FromBase64String(secrets.JwtKey).Length.ShouldBe(32);
        secrets.ApiKey.Length.ShouldBeGreaterThan(40);
        System.IO.File.GetUnixFileMode(Data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Data).ShouldBe([File]);
    }

    [Fact]
    public void Should_keep_the_keys_when_started_again()
    {
        SecretsFile.OpenOrCreate(Data).ShouldBe(SecretsFile.OpenOrCreate(Data));
    }

    [Fact]
    public void Should_make_different_keys_when_directories_differ()
    {
        SecretsFile.OpenOrCreate(Data).ApiKey.ShouldNotBe(SecretsFile.OpenOrCreate(_root.File("other")).ApiKey);
    }

    [Fact]
    public async Task Should_agree_on_one_file_when_many_start_at_once()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SecretsFile.OpenOrCreate(Data))));

        all.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("not json", "it is not JSON")]
    [InlineData("", "it is not JSON")]
    [InlineData("{\"jwtKey\":\"AAAA\"}", "apiKey is missing")]
    [InlineData("{\"apiKey\":\"k\"}", "jwtKey is not base64 of at least 32 bytes")]
    [InlineData("{\"apiKey\":\"k\",\"jwtKey\":\"AAAA\"}", "jwtKey is not base64 of at least 32 bytes")]
    [InlineData("{\"apiKey\":\"k\",\"jwtKey\":\"%%%\"}", "jwtKey is not base64 of at least 32 bytes")]
    public void Should_say_what_is_wrong_when_the_file_is_damaged(string content, string why)
    {
        SecretsFile.OpenOrCreate(Data);
        System.IO.File.WriteAllText(File, content);

        var failure = Should.Throw<StartupException>(() => SecretsFile.OpenOrCreate(Data));

        failure.Lines.ShouldHaveSingleItem().ShouldStartWith($"{File} cannot be used: {why}; restore it from a backup");
    }

    [Fact]
    public void Should_refuse_the_file_when_others_may_read_it()
    {
        SecretsFile.OpenOrCreate(Data);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Should.Throw<StartupException>(() => SecretsFile.OpenOrCreate(Data)).Lines.ShouldHaveSingleItem().ShouldContain($"run: chmod 600 {File}");
    }

    [Fact]
    public void Should_say_so_when_the_directory_cannot_be_made()
    {
        System.IO.File.WriteAllText(Data, "a file is in the way");

        var failure = Should.Throw<StartupException>(() => SecretsFile.OpenOrCreate(Data));

        failure.ExitCode.ShouldBe(ExitCodes.DataDirectory);
        failure.Lines.ShouldHaveSingleItem().ShouldStartWith($"Im:DataDirectory {Data} cannot be used");
    }

    [Fact]
    public void Should_not_show_the_keys_when_printed()
    {
        var secrets = SecretsFile.OpenOrCreate(Data);

        secrets.ToString().ShouldNotContain(secrets.ApiKey);
        secrets.ToString().ShouldNotContain(secrets.JwtKey);
    }
}
