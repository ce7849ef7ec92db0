using System.Runtime.Versioning;
using Im.Cli.Commands;
using Im.Node.Clustering;
using Im.Node.Configuration;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im certs</c>, and what a node accepts of what it makes.</summary>
public sealed class CertsCommandSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryDirectory _files = new();
    private readonly TemporaryDirectory _others = new();

    public void Dispose()
    {
        _files.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Should_make_certificates_by_which_nodes_accept_each_other()
    {
        await Certificates.MakeAsync(_files.Path, "im-1.example.org", "10.0.0.5");

        var tls = ClusterTlsFiles.Load(Options("im-1.example.org"), Now).ShouldNotBeNull();

        tls.WhyRefused(tls.Certificate, host: null).ShouldBeNull();
        tls.WhyRefused(tls.Certificate, "10.0.0.5").ShouldBeNull();
        tls.WhyRefused(tls.Certificate, "im-2.example.org").ShouldNotBeNull().ShouldContain("does not name im-2.example.org");
        tls.WhyRefused(null, host: null).ShouldBe("it shows no certificate");
    }

    [Fact]
    public async Task Should_refuse_a_certificate_that_another_ca_has_signed()
    {
        await Certificates.MakeAsync(_files.Path, "im-1");
        await Certificates.MakeAsync(_others.Path, "im-1");
        var tls = ClusterTlsFiles.Load(Options("im-1"), Now).ShouldNotBeNull();
        var stranger = ClusterTlsFiles.Load(Options("im-1", _others), Now).ShouldNotBeNull();

        tls.WhyRefused(stranger.Certificate, "im-1").ShouldNotBeNull().ShouldContain("is not one of this cluster's");
        Should.Throw<StartupException>(() => ClusterTlsFiles.Load(Options("im-1", authority: _others), Now)).Message.ShouldContain("would be refused by the other nodes");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Should_say_what_is_wrong_with_a_file_before_anything_is_opened()
    {
        await Certificates.MakeAsync(_files.Path, "im-1");

        Should.Throw<StartupException>(() => ClusterTlsFiles.Load(Options("im-2"), Now)).Message.ShouldContain("does not name im-2");
        Should.Throw<StartupException>(() => ClusterTlsFiles.Load(Options("im-1"), Now + TimeSpan.FromDays(900))).Message.ShouldContain("has expired");
        File.SetUnixFileMode(_files.File("im-1.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Should.Throw<StartupException>(() => ClusterTlsFiles.Load(Options("im-1"), Now)).Message.ShouldContain("chmod 600");
        File.Delete(_files.File("im-1.key"));
        var failure = Should.Throw<StartupException>(() => ClusterTlsFiles.Load(Options("im-1"), Now));
        failure.ExitCode.ShouldBe(ExitCodes.Configuration);
        failure.Lines.ShouldHaveSingleItem().ShouldStartWith("Im:Cluster:Tls:Key: ");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Should_keep_the_files_to_their_owner_and_replace_none_unasked()
    {
        await Certificates.MakeAsync(_files.Path, "im-1");
        var before = await File.ReadAllTextAsync(_files.File("im-1.key"));

        foreach (var file in Directory.GetFiles(_files.Path)) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_files.Path).Length.ShouldBe(4);
        (await RunAsync("certs", "ca", "--out", _files.Path)).ShouldBe(2);
        (await RunAsync("certs", "node", "--host", "im-1", "--ca", _files.Path, "--out", _files.Path)).ShouldBe(2);
        (await File.ReadAllTextAsync(_files.File("im-1.key"))).ShouldBe(before);
        (await RunAsync("certs", "node", "--host", "im-1", "--ca", _files.Path, "--out", _files.Path, "--force")).ShouldBe(0);
        (await File.ReadAllTextAsync(_files.File("im-1.key"))).ShouldNotBe(before);
    }

    [Fact]
    public async Task Should_say_so_when_there_is_no_ca()
    {
        (await RunAsync("certs", "node", "--host", "im-1", "--ca", _files.Path, "--out", _files.Path)).ShouldBe(2);
        Directory.GetFiles(_files.Path).ShouldBeEmpty();
    }

    private static Task<int> RunAsync(params string[] args) => ImCommand.Create().Parse(args).InvokeAsync();

    private ImOptions Options(string host, TemporaryDirectory? files = null, TemporaryDirectory? authority = null) => new()
    {
        Cluster = new NodeClusterOptions
        {
            SeedNodes = ["im-1:4053"],
            AdvertisedHost = host,
            Tls = new ClusterTlsOptions
            {
                Certificate = Directory.GetFiles((files ?? _files).Path, "im-*.crt").Single(),
                Key = Path.ChangeExtension(Directory.GetFiles((files ?? _files).Path, "im-*.crt").Single(), ".key"),
                CaCertificate = (authority ?? files ?? _files).File("ca.crt"),
            },
        },
    };
}
