using System.Globalization;
using System.Text.Json;
using Im.Actors.Edge;
using Im.Node.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SystemStateSpecs : CompatSpecs
{
    [Fact]
    public async Task Should_keep_the_seeds_keys_and_add_ours_when_asked()
    {
        Broker.Nodes = [State("n1")];

        (await Host.GetTextAsync("/system/state")).ShouldBe(
            """
            {"code":200,"msg":"Success","data":{"actors":50,"connections":10,"conversations":3,"loggedIn":9,
            "managerInfo":{"chanBroadcastLen":0,"chanLoginLen":0,"chanRegisterLen":0,"chanUnregisterLen":0,"clientsLen":10,"usersLen":8},
            "memory":{"heapBytes":1000,"rssBytes":2000},"nodes":[{"actors":50,"answered":true,"connections":10,"conversations":3,"loggedIn":9,
            "memory":{"heapBytes":1000,"rssBytes":2000},"node":"n1","numCPU":4,"sessions":7,"threads":20,"users":8,"usersByApp":{"101":8},"version":"1.0"}],
            "numCPU":CPUS,"numGoroutine":50,"sessions":7,"threads":20,"users":8}}
            """.ReplaceLineEndings("").Replace("CPUS", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_sum_the_nodes_when_there_are_several()
    {
        Broker.Nodes = [State("n1"), State("n2")];

        using var json = JsonDocument.Parse(await Host.GetTextAsync("/system/state"));
        var data = json.RootElement.GetProperty("data");

        data.GetProperty("connections").GetInt64().ShouldBe(20);
        data.GetProperty("managerInfo").GetProperty("clientsLen").GetInt64().ShouldBe(20);
        data.GetProperty("nodes").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    public async Task Should_list_names_only_when_debug_is_true_exactly(string debug, bool listed)
    {
        Broker.Nodes = [State("n1") with { Names = new NodeNames(["127.0.0.1:5000"], ["101_alice"], false) }];

        var text = await Host.GetTextAsync($"/system/state?isDebug={debug}");

        const string Names = """
            "clients":["127.0.0.1:5000"],"clientsLen":10,"users":["101_alice"],"usersLen":8}
            """;
        text.Contains(Names, StringComparison.Ordinal).ShouldBe(listed);
        Broker.StateMaxNames.ShouldHaveSingleItem().ShouldBe(listed ? SystemStateRoute.MaxNames : 0);
    }

    [Fact]
    public async Task Should_cut_the_names_and_say_so_when_there_are_many()
    {
        var names = new NodeNames([.. Enumerable.Repeat("10.0.0.1:1", 700)], [.. Enumerable.Repeat("101_u", 700)], false);
        Broker.Nodes = [State("n1") with { Names = names }, State("n2") with { Names = names }];

        using var json = JsonDocument.Parse(await Host.GetTextAsync("/system/state?isDebug=true"));
        var info = json.RootElement.GetProperty("data").GetProperty("managerInfo");

        info.GetProperty("clients").GetArrayLength().ShouldBe(SystemStateRoute.MaxNames);
        info.GetProperty("users").GetArrayLength().ShouldBe(SystemStateRoute.MaxNames);
        info.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Should_say_truncated_when_a_node_has_cut_its_names()
    {
        Broker.Nodes = [State("n1") with { Names = new NodeNames(["10.0.0.1:1"], [], true) }];

        (await Host.GetTextAsync("/system/state?isDebug=true")).ShouldContain("\"truncated\":true");
    }

    private static NodeState State(string node) => new(node, "1.0", 10, 9, 8, 7, 3, 50, 20, 1000, 2000, 4, new Dictionary<string, long> { ["101"] = 8 }, null);
}
