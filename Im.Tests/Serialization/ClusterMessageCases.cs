using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Administration;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Downing;
using Im.Actors.Edge;
using Im.Actors.Links;
using Im.Actors.Messages;
using Im.Actors.Nodes.Gate;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Tests.Serialization;

/// <summary>
/// Every cluster message, full and bare. What stands here was on the wire once, see fixtures/README.md: cases are added at the end of a
/// type's list, and none is changed.
/// </summary>
internal static class ClusterMessageCases
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));
    private static readonly ConversationKey Room = new(new AppId(101), new ConversationId("r:tea"));
    private static readonly RecordPlace Place = new(new ConversationId("p:alice|bob"), "k1", 42);
    private static readonly PushFrames BothLevels = new(
        new Frame(new byte[] { 0x81, 2, (byte)'{', (byte)'}' }, FrameKind.Ephemeral) { MessagesCount = 2 },
        new Frame(new byte[] { 0x81, 1, (byte)'0' }, FrameKind.Record, "p:alice|bob"));

    private static readonly PushFrames NoLevel = new(null, null);
    private static readonly string[] Platforms = ["web", "ios"];

    /// <param name="actor">Gives the actor at a path.</param>
    public static IReadOnlyDictionary<Type, object[]> All(Func<string, IActorRef> actor)
    {
        var connection = actor("akka.tcp://im@10.0.0.1:4053/user/im-connections-3/$a#17");
        var relay = actor("akka.tcp://im@10.0.0.2:4053/user/im-relay-1#99");
        var collector = actor("akka.tcp://im@10.0.0.3:4053/user/im-pushes#5");
        return Sessions(connection, collector).Concat(Pushes(collector)).Concat(Conversations(relay, connection, collector)).Concat(Sends(connection, collector))
            .Concat(Groups(connection)).Concat(Topics(relay, collector)).Concat(Nodes(relay, connection)).Concat(Links()).Concat(Administration()).Concat(Downing()).Concat(Gate())
            .GroupBy(message => message.GetType()).ToDictionary(messages => messages.Key, messages => messages.ToArray());
    }

    private static object[] Sessions(IActorRef connection, IActorRef collector)
    {
        var attach = new SessionCommands.Attach(Alice, "n1-2a", connection, "device-1", "web", 7);
        return
        [
            attach,
            new SessionCommands.Attach(Alice, "n1-2b", connection, null, null, 0),
            new SessionCommands.Detach(Alice, "n1-2a"),
            new SessionCommands.Push(Alice, "01M", BothLevels, Platforms, collector) { Record = Place, SenderConnection = "n1-2a", Owner = collector },
            new SessionCommands.Push(Alice, "01N", NoLevel, [], ActorRefs.Nobody),
            new SessionCommands.Kick(Alice, Platforms, "spam"),
            new SessionCommands.Kick(Alice, [], ""),
            new SessionCommands.Watch(Alice, "n1-2a", connection),
            new SessionCommands.Unwatch(Alice, "n1-2a"),
            new SessionEvents.Attached("n1-2a"),
            new SessionEvents.AttachRefused("n1-2a", ByPolicy: true),
            new SessionEvents.AttachAgain(attach),
            new SessionEvents.Presence(Alice, true, Platforms, 1_700_000_000_123),
            new SessionEvents.Presence(Alice, false, [], 0),
            new SessionEvents.WatchAgain(Alice),
            new SessionEvents.Kicked(["n1-2a", "n2-9"]),
            new RevocationActor.Hint(12),
            attach with { SinceMs = 1_700_000_000_123 },
            new SessionEvents.Kicked([]) { IsPartial = true },
            new SessionCommands.Offers("17", [attach with { SinceMs = 1_700_000_000_123 }]),
            new SessionCommands.Kick(Alice, [], "") { Tag = 7 },
            new SessionEvents.Kicked([]) { IsPartial = true, Tag = 7 },
        ];
    }

    private static object[] Pushes(IActorRef collector) =>
    [
        new ConnectionCommands.Deliver("01M", BothLevels, collector) { Record = Place },
        new ConnectionCommands.Deliver("01M", NoLevel, ActorRefs.Nobody),
        new ConnectionCommands.Close(CloseCode.ReplacedByLogin, "replaced", TellKicked: true, "web", "device-1"),
        new ConnectionCommands.Close(CloseCode.Normal, "", TellKicked: false),
        new PushEvents.Routed("01M", true, [new PushEvents.RoutedDevice("n1-2a", "device-1", "web")]),
        .. Enum.GetValues<DeliveryState>().Select(state => new PushEvents.DeviceResult("01M", "n1-2a", state, state == DeliveryState.Failed ? "closed" : null)),
        new RelayEvents.FanoutReport("01M", "n1", 3, 2, 1),
        new PushEvents.Routed("01M", false, []) { IsPartial = true },
    ];

    private static object[] Conversations(IActorRef relay, IActorRef connection, IActorRef collector) =>
    [
        new ConversationCommands.Enter(Room, Alice.User, relay, 8, 7, IsFirst: true),
        new ConversationCommands.Exit(Room, Alice.User, relay, 9, 8),
        new ConversationCommands.Report(Room, relay, 3, 9),
        new ConversationCommands.Mark(Room, Alice.User, 5, 4),
        new ConversationCommands.Signal(Room, Alice.User, "n1-2a", new Frame(new byte[] { 0x81, 0 }, FrameKind.Reply)),
        new ConversationCommands.Routed(Room, Alice.User, 42),
        new ConversationCommands.PushOnce(Room, "api:1", "key-1", new SessionCommands.Push(Alice, "01M", BothLevels, Platforms, collector) { Owner = connection }),
        new ConversationEvents.Posted(3, "01M", "k1", 42, 1_700_000_000_123, Duplicate: true),
        new ConversationEvents.PostRefused(3, ReplyCode.RangeNotKept) { Field = "mseq", First = 11 },
        new ConversationEvents.PostRefused(3, ReplyCode.Overloaded),
        new ConversationEvents.Claimed("01M", Duplicate: true),
        new ConversationCommands.Report(Room, relay, 3, 9) { Gone = [connection] },
        new ConversationCommands.PushOnce(Room, "api:1", "key-2", new SessionCommands.Push(Alice, "01N", NoLevel, [], collector)) { Tag = 4 },
        new ConversationEvents.Claimed("01M", Duplicate: false) { Tag = 4 },
    ];

    private static object[] Sends(IActorRef connection, IActorRef collector)
    {
        var place = new SendPlace("n1-2a", 2, 3, 1, IsRepeat: true);
        return
        [
            new ConversationCommands.Post(
                Room, 3, "01M", "api:1", "alice", "msg", "17", "text", "你好 \u0001", """{"a":1}""", "cid-1", true, "n1-2a", new UserId("bob"), connection, collector)
            {
                Place = place,
                IsOutside = true,
                IsFromServer = true,
                Platforms = Platforms,
                TimeToLive = TimeSpan.FromMilliseconds(86_400_500),
            },
            new ConversationCommands.Post(Room, 0, "01M", "alice", "alice", "msg", null, "text", "", null, null, false, null, null, ActorRefs.Nobody, null),
            new ConversationCommands.Amend(Room, 4, "01N", Alice.User, "cid-2", 42, "mended", "n1-2a", connection) { Place = place, IsOutside = true },
            new ConversationCommands.Amend(Room, 4, "01N", Alice.User, "cid-2", 42, null, "n1-2a", connection),
        ];
    }

    private static object[] Groups(IActorRef connection)
    {
        // Not in the order of the alphabet: that of the call is kept.
        var roles = new OrderedDictionary<string, MemberRole> { ["zoe"] = MemberRole.Admin, ["bob"] = MemberRole.Muted, ["ann"] = MemberRole.Owner, ["cat"] = MemberRole.Member };
        GroupChange[] changes =
        [
            new GroupChange.Create("Tea", ["bob", "ann"]),
            new GroupChange.Add(["bob"]),
            new GroupChange.Remove(["bob"]),
            new GroupChange.Leave(),
            new GroupChange.Update(["zoe"], ["bob"], roles),
            new GroupChange.Get(),
            .. Enum.GetValues<MemberRole>().Select(role => new GroupChange.SetRole(["bob"], role)),
        ];
        var members = Enum.GetValues<MemberRole>().Select(role => new ConversationEvents.GroupMember("of-" + role, role));
        return
        [
            .. changes.Select((change, i) =>
                new ConversationCommands.Group(new ConversationKey(new AppId(102), new ConversationId("g:tea")), i + 1, "01M", "api:1", Alice.User, "cid-1", change, i == 0 ? null : "n1-2a", i == 0, connection)),
            new ConversationEvents.GroupAnswered(5, "Tea", [.. members], 42),
        ];
    }

    private static object[] Topics(IActorRef relay, IActorRef collector)
    {
        var full = new ConversationEnvelope(
            Room, EnvelopeKind.Record, "k1", 6, 42, "alice", 3, BothLevels, 1_700_000_000_123, "01M", relay, 8, ExcludeUser: true, "n1-2a", collector, Platforms)
        {
            Incarnation = "01ABCDEF",
            Added = ["bob"],
            Removed = ["ann"],
        };
        var bare = Enum.GetValues<EnvelopeKind>().Where(kind => kind < EnvelopeKind.RelayGone).Select(kind => new ConversationEnvelope(Room, kind, "", 0, -1, "", 0, NoLevel, 0));
        return [new TopicBatch([full, .. bare]), new TopicBatch([full with { Platforms = [] }]), new TopicBatch([full with { Kind = EnvelopeKind.RelayGone }])];
    }

    private static object[] Downing() =>
    [
        new RefusalMessages.Refused(
            new UniqueAddress(new Address("akka.tcp", "im", "10.0.0.3", 4053), 1_234_567_890), new UniqueAddress(new Address("akka.tcp", "im", "im-1.internal", 4053), -7)),
    ];

    private static object[] Links() =>
    [
        new LinkMessages.Hello(77),
        new LinkMessages.Opened(77),
        new LinkMessages.Batch(
            3,
            [
                new LinkItem("akka.tcp://im@10.0.0.1:4053/user/im-pushes#5", LinkRegion.None, "", "pd1", new byte[] { 10, 1, (byte)'x' }),
                new LinkItem("", LinkRegion.Sessions, "akka.tcp://im@10.0.0.2:4053/user/a#6", "sa1", new byte[] { 10, 0 }),
                new LinkItem("", LinkRegion.Conversations, "akka.tcp://im@10.0.0.2:4053/user/a#6", "cm1", ReadOnlyMemory<byte>.Empty),
            ]),
        new LinkMessages.Batch(3, []),
        new LinkMessages.Ack(3),
    ];

    private static object[] Gate() =>
    [
        new GateMessages.Ask(86_400_123, -17),
        .. Enum.GetValues<GateStanding>().Select(standing => new GateMessages.Answer(86_400_123, 17, standing)),
    ];

    private static object[] Nodes(IActorRef relay, IActorRef connection) =>
    [
        new NodeQueries.GetOnline(new AppId(101), [new UserId("alice"), new UserId("bob")]),
        new NodeQueries.GetUsers(new AppId(101), new ConversationId("r:tea")),
        new NodeQueries.GetUsers(new AppId(101), null),
        new NodeQueries.GetConnections(Alice),
        new NodeQueries.Disconnect(new AppId(101), "n1-2a", "spam"),
        new NodeQueries.GetState(1_000),
        new NodeAnswers.Online(new Dictionary<string, IReadOnlyList<string>> { ["alice"] = ["web", "ios"], ["bob"] = [] }),
        new NodeAnswers.Users(["alice", "bob"]),
        new NodeAnswers.Connections(
        [
            new ConnectionInfo("n1-2a", "n1", 2, "device-1", "web", "127.0.0.1:50000", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123)),
            new ConnectionInfo("n1-2b", "n1", 0, null, "", "127.0.0.1:50001", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_456)),
        ]),
        new NodeAnswers.Disconnected("n1-2a"),
        new NodeAnswers.Disconnected(null),
        new NodeAnswers.State(new NodeState(
            "n1", "1.2.3", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, new Dictionary<string, long> { ["101"] = 3 }, new NodeNames(["127.0.0.1:50000"], ["101_alice"], Truncated: true))),
        new NodeAnswers.State(new NodeState("n2", "1.2.3", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new Dictionary<string, long>(), null, Answered: false)),
        new NodeQueries.GetUsers(new AppId(101), null) { After = "alice" },
        new NodeQueries.GetConnections(Alice) { After = "n1-2a" },
        new NodeAnswers.Users(["alice"]) { More = true },
        new NodeAnswers.Connections([]) { More = true },
        new NodeQueries.GetHeld(7, [Alice, new UserKey(new AppId(102), new UserId("bob"))]),
        new NodeAnswers.Held(7, [new SessionCommands.Attach(Alice, "n1-2a", connection, "device-1", "web", 7) { SinceMs = 1 }], IsLast: true),
        new NodeAnswers.Held(7, [], IsLast: false),
        new NodeQueries.GetMembers(Room),
        new NodeAnswers.Members(Room, relay, 9, ["alice", "bob"], IsLast: true),
        new NodeAnswers.Members(Room, relay, 0, [], IsLast: false),
    ];

    private static object[] Administration() =>
    [
        new AdminQueries.GetReport(),
        new AdminAnswers.Report(new NodeReport(
            "n1", TimeSpan.FromMilliseconds(61_001), new NodeCondition(false, "draining: 3 of 10 connections left", new DrainProgress(10, 3)), 3, 2, 5, 6, new Dictionary<string, int> { ["session"] = 7, ["conversation"] = 8 })),
        new AdminAnswers.Report(new NodeReport("n2", TimeSpan.Zero, new NodeCondition(true, "ready", null), 0, 0, 0, 0, new Dictionary<string, int>())),
        new AdminCommands.Drain(Restart: true),
        new AdminCommands.Drain(Restart: false),
        new AdminAnswers.Draining(IsNew: true),
        new AdminAnswers.Draining(IsNew: false),
    ];
}
