using System.Text.Json.Nodes;
using Shouldly;

namespace Im.Tests.Client;

/// <summary>Compares what a step names with what happened.</summary>
internal static class VectorChecks
{
    public static void Check(JsonObject step, VectorHost host, string where)
    {
        CheckList(step["sent"], host.Sent, "sent", where);
        CheckList(step["applied"], host.Applied, "applied", where);
        CheckDone(step["done"], host.Done, where);
        host.Connects.ShouldBe((int?)step["connects"] ?? 0, $"connects, {where}");
        if (step["state"] is { } state) host.State.ShouldBe((string)state!, where);
        if (step["acked"] is { } acked) CheckNumbers(acked, host.Acked, "acked", where);
        if (step["skipped"] is { } skipped) CheckNumbers(skipped, host.Skipped, "skipped", where);
        if (step["heads"] is { } heads) CheckList(heads, [.. host.Heads.Select(head => head.AsObject())], "heads", where);
    }

    private static void CheckList(JsonNode? expected, List<JsonObject> actual, string what, string where)
    {
        var position = 0;
        foreach (var entry in expected?.AsArray() ?? [])
        {
            var wanted = entry!.DeepClone().AsObject();
            var count = (int?)wanted["count"] ?? 1;
            wanted.Remove("count");
            for (var i = 0; i < count; i++, position++)
            {
                position.ShouldBeLessThan(actual.Count, $"{what} has only {actual.Count}, {where}");
                if (i == 0) Matches(wanted, actual[position]).ShouldBeTrue($"{what} {position}: {actual[position].ToJsonString()} is not {wanted.ToJsonString()}, {where}");
                else if (wanted["mseq"] is { } mseq) ((long)actual[position]["mseq"]!).ShouldBe((long)mseq + i, where);
            }
        }
        actual.Count.ShouldBe(position, $"{what} has more: {string.Join(' ', actual.Skip(position).Select(more => more.ToJsonString()))}, {where}");
    }

    private static void CheckDone(JsonNode? expected, List<JsonObject> actual, string where)
    {
        var wanted = (expected?.AsArray() ?? []).Select(entry => entry!.AsObject()).ToArray();
        actual.Count.ShouldBe(wanted.Length, $"done: {string.Join(' ', actual.Select(entry => entry.ToJsonString()))}, {where}");
        foreach (var entry in wanted) actual.ShouldContain(done => Matches(entry, done), $"done {entry.ToJsonString()}, {where}");
    }

    private static void CheckNumbers(JsonNode expected, Dictionary<string, long> actual, string what, string where)
    {
        foreach (var (conversation, mseq) in expected.AsObject()) actual.GetValueOrDefault(conversation).ShouldBe((long)mseq!, $"{what} {conversation}, {where}");
        if (expected.AsObject().Count == 0) actual.ShouldBeEmpty($"{what}, {where}");
    }

    /// <summary>Objects member by member in depth, everything else as a whole.</summary>
    private static bool Matches(JsonNode? wanted, JsonNode? actual) => wanted is JsonObject members
        ? actual is JsonObject found && members.All(member => found.ContainsKey(member.Key) && Matches(member.Value, found[member.Key]))
        : JsonNode.DeepEquals(wanted, actual);
}
