using System.Collections.Frozen;
using Im.Actors.Administration;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Downing;
using Im.Actors.Edge;
using Im.Actors.Links;
using Im.Actors.Nodes.Gate;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;

namespace Im.Actors.Serialization;

/// <summary>
/// Every message that may leave a node, by its manifest. Lines are added, none is changed or taken out: a node of an older version
/// runs beside this one during an upgrade.
/// </summary>
/// <remarks>
/// A new field needs no new manifest. Where a message comes to mean something else, its next version gets a line of its own behind the
/// old one: of several lines of a type the last one is written, all are read. A release that reads it goes out before the one that
/// writes it.
/// </remarks>
internal static class ClusterManifests
{
    public static readonly IReadOnlyList<ManifestEntry> All =
    [
        ManifestEntry.Of<SessionCommands.Attach, Wire.Attach>("sa1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionCommands.Detach, Wire.Detach>("sd1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionCommands.Push, Wire.Push>("sp1", PushMapping.ToWire, PushMapping.FromWire),
        ManifestEntry.Of<SessionCommands.Kick, Wire.Kick>("sk1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionCommands.Watch, Wire.Watch>("sw1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionCommands.Unwatch, Wire.Unwatch>("su1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.Attached, Wire.Attached>("sy1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.AttachRefused, Wire.AttachRefused>("sn1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.AttachAgain, Wire.AttachAgain>("sg1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.Presence, Wire.Presence>("se1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.WatchAgain, Wire.WatchAgain>("sh1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<SessionEvents.Kicked, Wire.Kicked>("sx1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<RevocationActor.Hint, Wire.RevocationHint>("vh1", SessionMapping.ToWire, SessionMapping.FromWire),

        ManifestEntry.Of<ConnectionCommands.Deliver, Wire.Deliver>("kd1", PushMapping.ToWire, PushMapping.FromWire),
        ManifestEntry.Of<ConnectionCommands.Close, Wire.Close>("kc1", PushMapping.ToWire, PushMapping.FromWire),
        ManifestEntry.Of<PushEvents.Routed, Wire.PushRouted>("pr1", PushMapping.ToWire, PushMapping.FromWire),
        ManifestEntry.Of<PushEvents.DeviceResult, Wire.DeviceResult>("pd1", PushMapping.ToWire, PushMapping.FromWire),
        ManifestEntry.Of<RelayEvents.FanoutReport, Wire.FanoutReport>("pf1", PushMapping.ToWire, PushMapping.FromWire),

        ManifestEntry.Of<ConversationCommands.Enter, Wire.Enter>("ce1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Exit, Wire.Exit>("cx1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Report, Wire.Report>("ct1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Post, Wire.Post>("cp1", SendMapping.ToWire, SendMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Amend, Wire.Amend>("ca1", SendMapping.ToWire, SendMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Group, Wire.GroupCommand>("cg1", GroupMapping.ToWire, GroupMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Mark, Wire.Mark>("cm1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Signal, Wire.Signal>("cs1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.Routed, Wire.RecordRouted>("cr1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationCommands.PushOnce, Wire.PushOnce>("co1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationEvents.Posted, Wire.Posted>("cy1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationEvents.PostRefused, Wire.PostRefused>("cn1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<ConversationEvents.GroupAnswered, Wire.GroupAnswered>("cw1", GroupMapping.ToWire, GroupMapping.FromWire),
        ManifestEntry.Of<ConversationEvents.Claimed, Wire.Claimed>("cl1", ConversationMapping.ToWire, ConversationMapping.FromWire),
        ManifestEntry.Of<TopicBatch, Wire.TopicBatch>("tb1", TopicMapping.ToWire, TopicMapping.FromWire),

        ManifestEntry.Of<NodeQueries.GetOnline, Wire.GetOnline>("no1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeQueries.GetUsers, Wire.GetUsers>("nu1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeQueries.GetConnections, Wire.GetConnections>("nc1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeQueries.Disconnect, Wire.Disconnect>("nd1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeQueries.GetState, Wire.GetState>("ns1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Online, Wire.Online>("nq1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Users, Wire.Users>("nv1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Connections, Wire.Connections>("nk1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Disconnected, Wire.Disconnected>("nx1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.State, Wire.State>("nz1", NodeMapping.ToWire, NodeMapping.FromWire),

        ManifestEntry.Of<SessionCommands.Offers, Wire.Offers>("so1", SessionMapping.ToWire, SessionMapping.FromWire),
        ManifestEntry.Of<NodeQueries.GetHeld, Wire.GetHeld>("nh1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Held, Wire.Held>("ni1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeQueries.GetMembers, Wire.GetMembers>("nm1", NodeMapping.ToWire, NodeMapping.FromWire),
        ManifestEntry.Of<NodeAnswers.Members, Wire.Members>("nn1", NodeMapping.ToWire, NodeMapping.FromWire),

        ManifestEntry.Of<LinkMessages.Hello, Wire.LinkHello>("lh1", LinkMapping.ToWire, LinkMapping.FromWire),
        ManifestEntry.Of<LinkMessages.Opened, Wire.LinkOpened>("lo1", LinkMapping.ToWire, LinkMapping.FromWire),
        ManifestEntry.Of<LinkMessages.Batch, Wire.LinkBatch>("lb1", LinkMapping.ToWire, LinkMapping.FromWire),
        ManifestEntry.Of<LinkMessages.Ack, Wire.LinkAck>("la1", LinkMapping.ToWire, LinkMapping.FromWire),

        ManifestEntry.Of<AdminQueries.GetReport, Wire.GetReport>("ag1", AdminMapping.ToWire, AdminMapping.FromWire),
        ManifestEntry.Of<AdminAnswers.Report, Wire.NodeReport>("ar1", AdminMapping.ToWire, AdminMapping.FromWire),
        ManifestEntry.Of<AdminCommands.Drain, Wire.Drain>("ad1", AdminMapping.ToWire, AdminMapping.FromWire),
        ManifestEntry.Of<AdminAnswers.Draining, Wire.Draining>("ay1", AdminMapping.ToWire, AdminMapping.FromWire),

        ManifestEntry.Of<RefusalMessages.Refused, Wire.Refused>("dr1", DowningMapping.ToWire, DowningMapping.FromWire),

        ManifestEntry.Of<GateMessages.Ask, Wire.GateAsk>("gq1", GateMapping.ToWire, GateMapping.FromWire),
        ManifestEntry.Of<GateMessages.Answer, Wire.GateAnswer>("ga1", GateMapping.ToWire, GateMapping.FromWire),
    ];

    public static readonly FrozenDictionary<string, ManifestEntry> ByManifest = All.ToFrozenDictionary(entry => entry.Manifest, StringComparer.Ordinal);

    public static readonly FrozenDictionary<Type, ManifestEntry> ByType = All.GroupBy(entry => entry.Type).ToFrozenDictionary(entries => entries.Key, entries => entries.Last());
}
