using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

/// <summary>Every check finds the history that breaks it, and nothing in one that is whole.</summary>
public sealed class CheckerSpecs
{
    [Fact]
    public void Should_find_nothing_when_every_promise_was_kept() => new History().Check().ShouldBeEmpty();

    [Fact]
    public void Should_find_a_loss_when_an_acknowledged_record_is_not_in_the_log() =>
        ShouldFind(ViolationKind.Lost, history => history.Add("c99", "lost", Outcome.Acked, 42));

    [Fact]
    public void Should_find_a_loss_when_another_record_stands_at_the_acknowledged_number() =>
        ShouldFind(ViolationKind.Lost, history => history.Add("c99", "overwritten", Outcome.Acked, 4));

    [Fact]
    public void Should_find_a_loss_when_the_epoch_of_the_acknowledgement_is_over() =>
        ShouldFind(ViolationKind.Lost, history => history.SentAt(4).Epoch = "e0");

    [Fact]
    public void Should_find_a_loss_when_a_device_ends_before_the_head() =>
        ShouldFind(ViolationKind.Lost, history => history.BobGot.RemoveAt(history.BobGot.Count - 1));

    [Fact]
    public void Should_find_a_loss_when_a_member_never_heard_of_the_conversation() =>
        ShouldFind(ViolationKind.Lost, history => history.Bob.Copies.Remove(History.Group));

    [Fact]
    public void Should_find_a_double_when_a_cid_is_stored_twice() =>
        ShouldFind(ViolationKind.Doubled, history => history.Log.Add(history.Log[3] with { Mseq = 10, TimestampMs = 10, Mid = "m10" }));

    [Fact]
    public void Should_find_a_double_when_a_device_applies_a_record_twice() =>
        ShouldFind(ViolationKind.Doubled, history => history.BobGot.Insert(4, history.BobGot[3]));

    [Fact]
    public void Should_find_a_double_when_a_repetition_is_acknowledged_elsewhere() =>
        ShouldFind(ViolationKind.Doubled, history => history.Add("c4", "four", Outcome.Acked, 7, isRepeat: true));

    [Fact]
    public void Should_find_a_wrong_order_when_a_record_stands_elsewhere_than_acknowledged() =>
        ShouldFind(ViolationKind.Reordered, history => (history.SentAt(4).Mseq, history.SentAt(4).Mid) = (6, "m6"));

    [Fact]
    public void Should_find_a_wrong_order_when_messages_of_a_device_changed_places()
    {
        ShouldFind(ViolationKind.Reordered, history =>
        {
            var (two, three) = (history.Sent[0], history.Sent[1]);
            (history.Sent[0], history.Sent[1]) = (two with { Order = three.Order }, three with { Order = two.Order });
        });
    }

    [Fact]
    public void Should_find_a_wrong_order_when_a_device_applies_a_record_after_a_later_one() =>
        ShouldFind(ViolationKind.Reordered, history => (history.BobGot[3], history.BobGot[4]) = (history.BobGot[4], history.BobGot[3]));

    [Fact]
    public void Should_find_a_wrong_order_when_time_goes_back_in_the_log() =>
        ShouldFind(ViolationKind.Reordered, history => history.Log[4] = history.Log[4] with { TimestampMs = 1 });

    [Fact]
    public void Should_find_a_hole_when_the_log_misses_a_number() =>
        ShouldFind(ViolationKind.Hole, history => history.Log.RemoveAt(4));

    [Fact]
    public void Should_find_a_hole_when_a_device_misses_a_number() =>
        ShouldFind(ViolationKind.Hole, history => history.BobGot.RemoveAt(4));

    [Fact]
    public void Should_find_a_hole_when_a_gap_mark_stands_where_nothing_was_removed() => ShouldFind(ViolationKind.Hole, history =>
    {
        history.BobGot.RemoveAt(4);
        history.BobGot[4] = history.BobGot[4] with { Gap = (5, 5) };
    });

    [Fact]
    public void Should_find_nothing_when_a_gap_mark_stands_where_retention_removed()
    {
        var history = new History { First = 4 };
        history.Log.RemoveRange(0, 3);
        history.BobGot.RemoveRange(0, 3);
        history.BobGot[0] = history.BobGot[0] with { Gap = (1, 3) };
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_hole_when_nothing_marks_what_retention_removed_of_a_room() => ShouldFind(ViolationKind.Hole, history => history.AddRoom(first: 4, got: [1, 5], gap: null));

    [Fact]
    public void Should_find_nothing_when_a_mark_says_what_retention_removed_of_a_room()
    {
        var history = new History();
        history.AddRoom(first: 4, got: [1, 4, 5], gap: (2, 3));
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_foreign_record_when_nobody_sent_it() => ShouldFind(ViolationKind.Foreign, history =>
    {
        history.Log.Add(new LogRecord(10, "m10", "mallory", "x1", "text", "hi", "", 10, 0, false));
        history.BobGot.Add(History.Applied(history.Log[^1]));
    });

    [Fact]
    public void Should_find_a_foreign_record_when_a_removed_member_applies_it() =>
        ShouldFind(ViolationKind.Foreign, history => history.Carol.Copy(History.Group).Applied.Add(History.Applied(history.Log[8])));

    [Fact]
    public void Should_find_a_foreign_record_when_it_was_pushed_to_a_removed_member() =>
        ShouldFind(ViolationKind.Foreign, history => history.Carol.Copy(History.Group).Pushed.Add((History.Epoch, 9)));

    [Fact]
    public void Should_find_changed_content_when_the_log_has_another_text() =>
        ShouldFind(ViolationKind.Content, history => history.Log[3] = history.Log[3] with { Text = "five" });

    [Fact]
    public void Should_find_changed_content_when_a_device_got_another_text() =>
        ShouldFind(ViolationKind.Content, history => history.BobGot[3] = history.BobGot[3] with { Text = "five" });

    [Fact]
    public void Should_find_nothing_when_a_device_got_the_text_from_before_the_edit()
    {
        var history = new History();
        history.BobGot[2] = history.BobGot[2] with { Text = "three" };
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_false_answer_when_a_refused_cid_is_in_the_log() => ShouldFind(ViolationKind.FalseAnswer, history =>
    {
        history.Sent.RemoveAt(2);
        history.Add("c4", "four", Outcome.Refused, code: 1021);
    });

    [Fact]
    public void Should_find_a_false_answer_when_a_stored_cid_is_refused() =>
        ShouldFind(ViolationKind.FalseAnswer, history => history.Add("c4", "four", Outcome.Refused, code: 1020, isRepeat: true));

    [Fact]
    public void Should_find_a_false_answer_when_a_conflict_has_no_other_side() =>
        ShouldFind(ViolationKind.FalseAnswer, history => history.Add("c77", "new", Outcome.Refused, code: 1018));

    [Fact]
    public void Should_find_nothing_when_another_content_conflicts()
    {
        var history = new History();
        history.Add("c4", "not four", Outcome.Refused, code: 1018, isRepeat: true);
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_the_unanswered_when_a_command_has_no_outcome() =>
        ShouldFind(ViolationKind.Unanswered, history => history.Add("c77", "still waiting", Outcome.Open));

    [Fact]
    public void Should_find_a_false_state_when_a_device_is_told_acked_that_never_got_it() =>
        ShouldFind(ViolationKind.FalseState, history => history.Alice.Copies[History.Inbox].Applied.Clear());

    [Fact]
    public void Should_find_a_false_state_when_a_stored_push_is_not_in_the_log() =>
        ShouldFind(ViolationKind.FalseState, history => history.Pushes.Add(new PushFact("alice", "push-2", "p2", 2, [new StateFact("", "STORED")], AtMs: 30)));

    [Fact]
    public void Should_find_a_false_state_when_a_user_is_told_acked_none_of_whose_devices_got_it() => ShouldFind(ViolationKind.FalseState, history =>
    {
        history.Pushes[0] = history.Pushes[0] with { States = [new StateFact("", "ACKED")] };
        history.Alice.Copies[History.Inbox].Applied.Clear();
    });

    [Fact]
    public void Should_find_a_false_state_when_acked_was_told_before_the_device_got_it() =>
        ShouldFind(ViolationKind.FalseState, history => history.Pushes[0] = history.Pushes[0] with { AtMs = 5 });

    [Fact]
    public void Should_find_a_loss_when_an_added_member_is_none() => ShouldFind(ViolationKind.Lost, history => history.Add("c99", "dave", Outcome.Acked, 9, command: "add"));

    [Fact]
    public void Should_find_a_loss_when_a_removed_member_is_still_one() => ShouldFind(ViolationKind.Lost, history => history.Add("c99", "bob", Outcome.Acked, 7, command: "remove"));

    [Fact]
    public void Should_find_a_loss_when_a_change_of_members_is_above_the_head() => ShouldFind(ViolationKind.Lost, history => history.Add("c99", "bob", Outcome.Acked, 12, command: "add"));

    [Fact]
    public void Should_find_nothing_when_a_change_of_members_changed_nothing()
    {
        var history = new History();
        history.Add("c98", "bob", Outcome.Acked, 9, command: "add");
        history.Add("c99", "carol", Outcome.Acked, 9, command: "remove");
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_cursor_that_went_back_when_a_mark_shrinks() => ShouldFind(ViolationKind.CursorBack, history =>
    {
        history.Marks.Add(new MarkFact("alice-1", "read", History.Group, "bob", 5, Life: 1));
        history.Marks.Add(new MarkFact("alice-1", "read", History.Group, "bob", 4, Life: 1));
    });

    [Fact]
    public void Should_find_nothing_when_a_mark_shrinks_over_a_kill()
    {
        var history = new History();
        history.Marks.Add(new MarkFact("alice-1", "read", History.Group, "bob", 5, Life: 1));
        history.Marks.Add(new MarkFact("alice-1", "read", History.Group, "bob", 4, Life: 2));
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_mark_beyond_the_head_when_somebody_read_what_is_not_there() =>
        ShouldFind(ViolationKind.CursorBack, history => history.Marks.Add(new MarkFact("alice-1", "read", History.Group, "bob", 500, Life: 1)));

    [Fact]
    public void Should_find_what_was_not_published_when_a_device_had_to_ask_in_the_quiet_time() => ShouldFind(ViolationKind.Late, history =>
    {
        history.Quiet = 50;
        history.Gaps.Add(new GapFact("bob-1", History.Group, 6, AtMs: 70));
    });

    [Fact]
    public void Should_find_nothing_when_a_device_had_to_ask_after_a_fault()
    {
        var history = new History { Quiet = 50 };
        history.Gaps.Add(new GapFact("bob-1", History.Group, 6, AtMs: 40));
        history.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_late_record_when_it_came_seconds_after_its_acknowledgement() => ShouldFind(ViolationKind.Late, history =>
    {
        history.Quiet = 0;
        var index = history.Sent.FindIndex(sent => sent.Mseq == 9 && sent.Conversation == History.Group);
        history.Sent[index] = history.Sent[index] with { IsProbe = true };
        history.BobGot[^1] = history.BobGot[^1] with { AtMs = 90 + QuietCheck.MaxDelayMs + 1 };
    });

    private static void ShouldFind(ViolationKind kind, Action<History> breakIt)
    {
        var history = new History();
        breakIt(history);
        history.Check().ShouldContain(violation => violation.Kind == kind);
    }
}
