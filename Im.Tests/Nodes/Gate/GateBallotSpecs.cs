using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Nodes.Gate;
using Shouldly;
using Xunit;

namespace Im.Tests.Nodes.Gate;

public sealed class GateBallotSpecs
{
    private const long Now = 1_000;

    private static readonly UniqueAddress[] Nodes = [.. Enumerable.Range(1, 4).Select(i => new UniqueAddress(Address.Parse($"akka.tcp://im@10.0.0.{i}:4053"), i))];

    [Theory]
    [InlineData("", "Confirmed")]                  // alone
    [InlineData("?", "Undecided")]
    [InlineData("U", "Confirmed")]
    [InlineData("O", "Refused")]                   // of two both are needed
    [InlineData("??", "Undecided")]
    [InlineData("U?", "Confirmed")]
    [InlineData("UO", "Confirmed")]
    [InlineData("O?", "Undecided")]
    [InlineData("OO", "Refused")]
    [InlineData("RR", "Undecided")]                // members still, not reached: it may become either
    [InlineData("-R", "Undecided")]
    [InlineData("U???", "Undecided")]
    [InlineData("UU??", "Confirmed")]
    [InlineData("OO??", "Undecided")]
    [InlineData("OOO?", "Refused")]
    [InlineData("UUU", "Confirmed")]
    [InlineData("UO?", "Undecided")]
    [InlineData("UOO", "Refused")]
    public void Should_need_a_majority_of_all_members_with_itself(string said, string verdict)
    {
        var ballot = new GateBallot();
        for (var i = 0; i < said.Length; i++)
        {
            if (Standing(said[i]) is { } standing) ballot.Add(Nodes[i], standing, Now - 10);
        }

        ballot.Count(Nodes[..said.Length], Now).Verdict.ToString().ShouldBe(verdict);
    }

    [Fact]
    public void Should_be_as_old_as_the_oldest_word_that_the_majority_needs()
    {
        var ballot = new GateBallot();
        ballot.Add(Nodes[0], GateStanding.Up, 700);
        ballot.Add(Nodes[1], GateStanding.Up, 900);
        ballot.Add(Nodes[2], GateStanding.Up, 800);

        ballot.Count(Nodes, Now).ShouldBe((GateVerdict.Confirmed, 4, 800));
    }

    [Fact]
    public void Should_count_the_last_word_of_each()
    {
        var ballot = new GateBallot();
        ballot.Add(Nodes[0], GateStanding.Unreachable, 800);
        ballot.Add(Nodes[0], GateStanding.Up, 900);
        ballot.Add(Nodes[0], GateStanding.Out, 850);

        ballot.Count(Nodes[..1], Now).Verdict.ShouldBe(GateVerdict.Confirmed);
    }

    [Fact]
    public void Should_not_count_who_is_no_member()
    {
        var ballot = new GateBallot();
        ballot.Add(Nodes[3], GateStanding.Up, 900);

        ballot.Count(Nodes[..2], Now).Verdict.ShouldBe(GateVerdict.Undecided);
    }

    private static GateStanding? Standing(char said) => said switch
    {
        'U' => GateStanding.Up,
        'R' => GateStanding.Unreachable,
        'O' => GateStanding.Out,
        '-' => GateStanding.Unsure,
        _ => null,
    };
}
