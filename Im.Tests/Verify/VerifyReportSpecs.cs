using Im.Cli.Verify;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Report;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

public sealed class VerifyReportSpecs
{
    [Fact]
    public void Should_not_be_valid_when_something_was_not_tried()
    {
        var report = VerifyReport.Of(VerifyPlan.Ci, new History().Facts, [], isOwn: true);

        report.Untried.ShouldBe(["conversations r:", "conversations p:", "recall", "repeated cids", "retention"]);
        report.Valid.ShouldBeFalse();
    }

    [Fact]
    public void Should_ask_for_less_when_the_node_was_not_started_by_the_run_or_the_run_is_a_short_one()
    {
        var report = VerifyReport.Of(VerifyPlan.Ci, new History().Facts, [], isOwn: false);

        report.Untried.ShouldBeEmpty();
        report.Valid.ShouldBeTrue();
        VerifyReport.Of(VerifyPlan.Quick, new History().Facts, [], isOwn: true).Untried.ShouldBeEmpty();
    }

    [Fact]
    public void Should_be_incomplete_when_logins_were_to_be_tried_and_nobody_was_let_in()
    {
        var facts = new History().Facts with { Sessions = new SessionFacts([new LoginFact("dana", "phone", 1, 1_000) { EndedMs = 1_100 }], [], [], [], 2_000) };

        var report = VerifyReport.Of(VerifyPlan.Ci, facts, [], isOwn: false);

        (report.Valid, report.Logins, report.Replaced).ShouldBe((false, 0, 0));
        report.Untried.ShouldContain("a login that takes another's place");
        report.Untried.ShouldContain("presence news");
    }

    [Fact]
    public void Should_show_the_first_of_each_kind_with_what_happened_around_it()
    {
        var history = new History();
        history.BobGot.RemoveAt(4);
        history.SentAt(4).Epoch = "e0";

        var report = VerifyReport.Of(VerifyPlan.Ci, history.Facts, history.Check(), isOwn: false);

        report.Valid.ShouldBeFalse();
        report.Counts[nameof(ViolationKind.Lost)].ShouldBe(1);
        report.First.Select(shown => shown.Violation.Kind).ShouldBe([ViolationKind.Lost, ViolationKind.Hole]);
        report.First[1].History.ShouldContain(line => line.StartsWith("log 5:", StringComparison.Ordinal));
        report.First[1].History.ShouldContain(line => line.StartsWith("bob-1 opened e1+0", StringComparison.Ordinal));
    }
}
