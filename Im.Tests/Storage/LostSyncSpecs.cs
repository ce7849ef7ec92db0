using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Node.Configuration;
using Im.Node.Storage.Sqlite;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

/// <summary>
/// A test that makes the syncs of a process fail with libfiu (Debian package <c>fiu-utils</c>). Without it is reported as not run,
/// with the reason; under <c>IM_TESTS_ALL=1</c> it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FiuFactAttribute : FactAttribute
{
    public FiuFactAttribute()
    {
        if (!File.Exists("/usr/bin/fiu-run") && Environment.GetEnvironmentVariable("IM_TESTS_ALL") != "1") Skip = "No /usr/bin/fiu-run: install fiu-utils, or set IM_TESTS_ALL=1 to make this a failure.";
    }
}

public sealed class LostSyncSpecs
{
    [FiuFact]
    public async Task Should_acknowledge_nothing_and_end_when_a_sync_fails()
    {
        await using var node = await NodeProcess.StartUnderAsync(["fiu-run", "-x"]);
        using var http = new HttpClient { BaseAddress = new Uri(node.BannerLine("Chat page")) };
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(node.DataDirectory, "secrets.json")));
        http.DefaultRequestHeaders.Add("x-api-key", secrets.RootElement.GetProperty("apiKey").GetString());
        using (var stored = await PushAsync()) stored.IsSuccessStatusCode.ShouldBeTrue();
        using (var control = Process.Start("fiu-ctrl", ["-c", "enable name=posix/io/sync/*", $"{node.Id}"])) await control.WaitForExitAsync();

        await Should.ThrowAsync<HttpRequestException>(PushAsync);

        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.LostSync);
        File.Exists(Path.Combine(node.DataDirectory, StoreFiles.LostSyncMark)).ShouldBeTrue("the next start copies the store");

        Task<HttpResponseMessage> PushAsync() => http.PostAsJsonAsync("api/v1/apps/101/users/alice:push", new { msg = "hello" });
    }
}
