using Akka.Actor;
using Im.Actors.Relays;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

public sealed class ForeignMembersSpecs
{
    private static readonly IActorRef Relay = new RemoteRef(ActorRefs.Nobody, RemoteRef.NodeB, "im-relay-0");

    private readonly ForeignMembers _foreign = new();

    [Fact]
    public void Should_apply_only_what_came_after_the_relays_list()
    {
        _foreign.Entered(Relay, 4, "alice");
        _foreign.Exited(Relay, 5, "bob");
        _foreign.Entered(Relay, 8, "carol");
        _foreign.Exited(Relay, 9, "dave");

        _foreign.Listed(Relay, 7, ["dave"], isLast: false);
        _foreign.Listed(Relay, 7, ["erin"], isLast: true);

        _foreign.Take(Relay).ShouldBe(["carol", "erin"], ignoreOrder: true);
    }

    [Fact]
    public void Should_follow_what_is_ordered_once_it_has_the_list()
    {
        _foreign.Listed(Relay, 0, [], isLast: true);

        _foreign.Entered(Relay, 1, "alice");
        _foreign.Entered(Relay, 2, "bob");
        _foreign.Exited(Relay, 3, "alice");

        _foreign.Take(Relay).ShouldBe(["bob"]);
    }

    [Fact]
    public void Should_name_those_it_saw_when_the_relay_was_lost_before_it_could_answer()
    {
        _foreign.Entered(Relay, 1, "alice");

        _foreign.Take(Relay).ShouldBe(["alice"]);
    }

    [Fact]
    public void Should_give_the_names_once()
    {
        _foreign.Entered(Relay, 1, "alice");
        _foreign.Take(Relay);

        _foreign.Take(Relay).ShouldBeEmpty();
    }

    [Fact]
    public void Should_await_a_relay_until_its_whole_list_has_come_or_its_node_is_gone()
    {
        _foreign.Await([RemoteRef.NodeB, RemoteRef.NodeC]);

        _foreign.Listed(Relay, 1, ["alice"], isLast: false);
        _foreign.Awaited.ShouldBe([RemoteRef.NodeB, RemoteRef.NodeC]);
        _foreign.Listed(Relay, 1, [], isLast: true);
        _foreign.Gone(RemoteRef.NodeC);

        _foreign.Awaited.ShouldBeEmpty();
    }

    [Fact]
    public void Should_report_a_lost_relay_until_its_loss_was_ordered()
    {
        _foreign.Entered(Relay, 1, "alice");

        _foreign.Gone(RemoteRef.NodeB);
        _foreign.Lost.ShouldBe([Relay]);
        _foreign.Take(Relay);

        _foreign.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void Should_keep_no_names_when_they_are_too_many()
    {
        _foreign.Listed(Relay, 0, [.. Enumerable.Range(0, ForeignMembers.MaxNamesCount + 1).Select(i => $"u{i}")], isLast: true);

        _foreign.Entered(Relay, 1, "alice");

        _foreign.Take(Relay).ShouldBeEmpty();
    }
}
