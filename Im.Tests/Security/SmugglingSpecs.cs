using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

/// <summary>Control S17 on the HTTP port: such a request is refused, its connection ends, and what stands behind it is nobody's request.</summary>
public sealed class SmugglingSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    public static TheoryData<string, string> Cases => SmugglingCases.All;

    public static TheoryData<string, string> Chunks => SmugglingCases.Chunks;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Should_refuse_a_request_when_its_end_is_in_doubt(string name, string request)
    {
        var answers = await RawExchange.AskAsync(node.Http.Port, request);

        var statuses = RawExchange.StatusesOf(answers);
        statuses.Count.ShouldBeLessThanOrEqualTo(1, $"{name}: {answers}");
        statuses.ShouldAllBe(status => status == 400, $"{name}: {answers}");
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Should_serve_nothing_behind_a_body_when_its_end_is_in_doubt(string name, string request)
    {
        var answers = await RawExchange.AskAsync(node.Http.Port, request);

        RawExchange.StatusesOf(answers).Count.ShouldBeLessThanOrEqualTo(1, $"{name}: {answers}");
        answers.ShouldNotContain("ready");
    }

    [Fact]
    public async Task Should_serve_the_second_request_when_the_first_is_whole()
    {
        var answers = await RawExchange.AskAsync(node.Http.Port, $"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET {SmugglingCases.Smuggled} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        RawExchange.StatusesOf(answers).ShouldBe([200, 200], answers);
    }
}
