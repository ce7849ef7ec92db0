using System.Net;
using Im.Actors.Sessions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

public sealed class LoginGateSpecs
{
    private static readonly IPAddress Here = IPAddress.Loopback;
    private static readonly IPAddress There = IPAddress.IPv6Loopback;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Should_hold_nobody_back_when_no_limit_is_set()
    {
        var gate = new LoginGate(new LoginGateSettings(), _time);

        for (var i = 0; i < 1000; i++)
        {
            gate.Enter(Here).ShouldBe(0);
            gate.Stranger(Here).ShouldBeTrue();
        }
    }

    [Fact]
    public void Should_hold_an_address_back_until_the_second_is_over_when_it_logs_in_too_often()
    {
        var gate = new LoginGate(new LoginGateSettings(LoginsPerSecond: 2), _time);
        gate.Enter(Here);
        gate.Enter(Here).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(400));

        gate.Enter(Here).ShouldBe(600);
        gate.Enter(There).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(600));
        gate.Enter(Here).ShouldBe(0);
    }

    [Fact]
    public void Should_suspect_an_address_and_user_for_the_minute_when_five_tokens_failed()
    {
        var gate = new LoginGate(new LoginGateSettings(), _time);
        for (var i = 0; i < 4; i++) gate.Failed(Here, "alice");
        gate.Suspects(Here, "alice").ShouldBe(0);

        gate.Failed(Here, "alice");

        gate.Suspects(Here, "alice").ShouldBeInRange(1, 60_000);
        (gate.Suspects(Here, "bob"), gate.Suspects(There, "alice"), gate.Suspects(Here, null)).ShouldBe((0, 0, 0));
        _time.Advance(TimeSpan.FromMinutes(1));
        gate.Suspects(Here, "alice").ShouldBe(0);
    }

    [Fact]
    public void Should_count_connections_without_a_login_until_they_log_in_or_go()
    {
        var gate = new LoginGate(new LoginGateSettings(StrangersMaxCount: 2), _time);
        gate.Stranger(Here).ShouldBeTrue();
        gate.Stranger(Here).ShouldBeTrue();

        gate.Stranger(Here).ShouldBeFalse();
        gate.Stranger(There).ShouldBeTrue();
        gate.Known(Here);
        gate.Known(Here);
        gate.Stranger(Here).ShouldBeTrue();
    }

    [Fact]
    public void Should_stay_bounded_when_keys_never_end()
    {
        var counts = new LoginCounts<int>(TimeSpan.FromMinutes(1), _time);
        for (var key = 0; key < LoginCounts<int>.MaxCount + 10; key++) counts.Add(key);

        counts.Add(0).ShouldBe(2);
        counts.Of(LoginCounts<int>.MaxCount + 5).ShouldBe(0);
    }

    [Fact]
    public void Should_count_an_ipv6_network_as_one_address()
    {
        var gate = new LoginGate(new LoginGateSettings(LoginsPerSecond: 1), _time);
        gate.Enter(IPAddress.Parse("2001:db8:0:1::1")).ShouldBe(0);

        gate.Enter(IPAddress.Parse("2001:db8:0:1:ffff::2")).ShouldBeGreaterThan(0);
        gate.Enter(IPAddress.Parse("2001:db8:0:2::1")).ShouldBe(0);
    }
}
