using System.Text.Json;
using System.Text.Json.Nodes;
using Im.Client.Engine;
using Shouldly;
using Xunit;

namespace Im.Tests.Client;

public sealed class HeldConnectionSpecs
{
    private const long TimeoutMs = 9_000;

    private readonly VectorHost _host = new();
    private readonly ClientEngine _engine;
    private long _now = 1_000_000;

    public HeldConnectionSpecs()
    {
        _engine = new ClientEngine(_host, new EngineSettings(101, "alice", "device-0001", "web", 1000, 64, 30_000, 10_000, HasTokens: false, TellsPushes: false, () => _now, () => 0.5));
        _engine.Start(new Im.Client.ImClientSnapshot(new Dictionary<string, Im.Client.ImCursor>(), []), (_, _) => { }, _now);
        _engine.OnOpened(null, _now);
        Hear(_host.Answer("login", null), "login", VectorHost.Login(new JsonObject { ["hb"] = new JsonObject { ["firstMs"] = 3_000, ["intervalMs"] = 3_000, ["timeoutMs"] = TimeoutMs } }));
        _host.State.ShouldBe("online");
    }

    [Fact]
    public void Should_give_a_silent_connection_up_when_it_is_not_held()
    {
        Wait(TimeoutMs);

        _host.State.ShouldNotBe("online");
    }

    [Fact]
    public void Should_stay_and_send_when_the_connection_is_held_though_nothing_is_heard()
    {
        _engine.Hold();

        Wait(10 * TimeoutMs);
        _host.Forget();
        _engine.TrySend(Message("c1"), _now).ShouldBeTrue();

        _host.State.ShouldBe("online");
        _host.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public void Should_give_it_up_as_ever_when_something_was_heard_since()
    {
        _engine.Hold();
        Wait(2 * TimeoutMs);
        Hear(_host.Answer("heartbeat", null), "heartbeat", null);

        Wait(TimeoutMs - 1);
        _host.State.ShouldBe("online");

        Wait(1);
        _host.State.ShouldNotBe("online");
    }

    [Fact]
    public void Should_hold_no_later_connection_when_the_held_one_was_lost()
    {
        _engine.Hold();
        _engine.OnClosed(1006, null, _now);
        Wait(60_000);
        _engine.OnOpened(null, _now);
        Hear(_host.Answer("login", null), "login", VectorHost.Login(new JsonObject { ["hb"] = new JsonObject { ["firstMs"] = 3_000, ["intervalMs"] = 3_000, ["timeoutMs"] = TimeoutMs } }));

        Wait(TimeoutMs);

        _host.State.ShouldNotBe("online");
    }

    private static OutboxEntry Message(string cid)
    {
        var data = Commands.Message("r:lobby", new Im.Client.ImContent("hello"), cid);
        return new OutboxEntry(new Im.Client.ImQueuedCommand(cid, "msg", "r:lobby", System.Text.Encoding.UTF8.GetString(data), 0), data, (_, _) => { });
    }

    private void Hear(string seq, string command, JsonNode? data) => _engine.OnMessage(
        JsonElement.Parse(new JsonObject { ["seq"] = seq, ["cmd"] = command, ["response"] = new JsonObject { ["code"] = 200, ["codeMsg"] = "", ["data"] = data } }.ToJsonString()), _now);

    private void Wait(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_engine.NextDue() <= end)
        {
            _now = Math.Max(_now, _engine.NextDue());
            _engine.Tick(_now);
        }

        _now = end;
    }
}
