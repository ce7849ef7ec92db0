using System.Diagnostics;
using System.Reflection;
using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Nodes;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>Answers the edges of all nodes for what this node holds: tables, not entities, so a question starts nothing.</summary>
internal sealed class NodeActor : UntypedActor
{
    public const string Name = "im-node";

    /// <summary>Names in one answer to another node, which stays below 64 KiB whatever they are. The own edge gets all at once.</summary>
    public const int NamesPageCount = 800;

    /// <summary>Connections in one answer, likewise.</summary>
    public const int ConnectionsPageCount = 150;

    public static Props Create(ConnectionServices services) => Props.Create(() => new NodeActor(services));

    private static readonly string Version = typeof(NodeActor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly ConnectionServices _services;

    public NodeActor(ConnectionServices services) => _services = services;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeQueries.GetHeld query: OnGetHeld(query); break;
            case NodeQueries.GetOnline query: OnGetOnline(query); break;
            case NodeQueries.GetUsers query: OnGetUsers(query); break;
            case NodeQueries.GetConnections query: OnGetConnections(query); break;
            case NodeQueries.GetMembers query: _services.Relays.For(query.Conversation).Tell(new RelayCommands.GetMembers(query.Conversation, Sender)); break;
            case NodeQueries.Disconnect query: OnDisconnect(query); break;
            case NodeQueries.GetState query: OnGetState(query); break;
            default: Unhandled(message); break;
        }
    }

    private void OnGetHeld(NodeQueries.GetHeld query)
    {
        var held = query.Users.SelectMany(_services.Users.Find).Select(HeldConnections.Of).OfType<SessionCommands.Attach>();
        var parts = HeldConnections.Parts(held).ToArray();
        for (var i = 0; i < parts.Length; i++) Sender.Tell(new NodeAnswers.Held(query.Number, parts[i], i == parts.Length - 1));
    }

    private void OnGetOnline(NodeQueries.GetOnline query)
    {
        var online = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var user in query.Users)
        {
            var slots = _services.Users.Find(new UserKey(query.App, user));
            if (slots.Length > 0) online[user.Value] = [.. slots.Select(slot => slot.Attachment?.Platform).OfType<string>().Distinct()];
        }

        Sender.Tell(new NodeAnswers.Online(online));
    }

    private void OnGetUsers(NodeQueries.GetUsers query)
    {
        if (query.Room is null)
        {
            Sender.Tell(Names(_services.Users.Users(query.App).Select(user => user.User.Value), query.After, PageCount(NamesPageCount)));
            return;
        }

        var room = new ConversationKey(query.App, query.Room.Value);
        var count = PageCount(NamesPageCount);
        _services.Relays.For(room)
            .Ask<RelayEvents.Names>(new RelayCommands.GetNames(room), TimeSpan.FromSeconds(2))
            .PipeTo(Sender, Self, names => Names(names.Users, query.After, count));
    }

    private void OnGetConnections(NodeQueries.GetConnections query)
    {
        var slots = _services.Users.Find(query.User).Where(slot => query.After is null || string.CompareOrdinal(slot.ConnectionId, query.After) > 0);
        var (page, more) = Page(slots.OrderBy(slot => slot.ConnectionId, StringComparer.Ordinal), PageCount(ConnectionsPageCount));
        Sender.Tell(new NodeAnswers.Connections([.. page.Select(Describe)]) { More = more });
    }

    private void OnDisconnect(NodeQueries.Disconnect query)
    {
        var prefix = _services.Node + "-";
        var slot = query.ConnectionId.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(query.ConnectionId.AsSpan(prefix.Length), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var number)
            ? _services.Table.Find(number)
            : null;
        if (slot?.Attachment is not { } attachment || attachment.User.App != query.App)
        {
            Sender.Tell(new NodeAnswers.Disconnected(null));
            return;
        }

        slot.Actor.Tell(new ConnectionCommands.Close(CloseCode.KickedByOperator, query.Reason, TellKicked: true));
        Sender.Tell(new NodeAnswers.Disconnected(query.ConnectionId));
    }

    private void OnGetState(NodeQueries.GetState query)
    {
        var users = _services.Users.Users(null);
        var process = Process.GetCurrentProcess();
        var state = new NodeState(
            _services.Node,
            Version,
            _services.Table.Count,
            _services.Users.ConnectionsCount,
            users.Count,
            _services.Entities.Sessions,
            _services.Entities.Conversations,
            _services.Entities.Sessions + _services.Entities.Conversations + _services.Table.Count,
            process.Threads.Count,
            GC.GetTotalMemory(false),
            process.WorkingSet64,
            Environment.ProcessorCount,
            users.CountBy(user => user.App.ToString()).ToDictionary(pair => pair.Key, pair => (long)pair.Value),
            query.MaxNames > 0 ? FirstNames(users, query.MaxNames) : null);
        Sender.Tell(new NodeAnswers.State(state));
    }

    private int PageCount(int ofOthers) => Sender.Path.Address.HasGlobalScope ? ofOthers : int.MaxValue - 1;

    private static NodeAnswers.Users Names(IEnumerable<string> names, string? after, int count)
    {
        var rest = after is null ? names : names.Where(name => string.CompareOrdinal(name, after) > 0);
        var (page, more) = Page(rest.Order(StringComparer.Ordinal), count);
        return new NodeAnswers.Users(page) { More = more };
    }

    private static (List<T> Page, bool More) Page<T>(IEnumerable<T> ordered, int count)
    {
        var page = ordered.Take(count + 1).ToList();
        var more = page.Count > count;
        if (more) page.RemoveAt(page.Count - 1);
        return (page, more);
    }

    private NodeNames FirstNames(List<UserKey> users, int max)
    {
        var slots = _services.Table.Snapshot();
        return new NodeNames(
            [.. slots.Take(max).Select(slot => slot.Transport.RemoteEndPoint.ToString())],
            [.. users.Take(max).Select(user => $"{user.App}_{user.User}")],
            slots.Length > max || users.Count > max);
    }

    private ConnectionInfo Describe(ConnectionSlot slot)
    {
        var attachment = slot.Attachment!;
        return new ConnectionInfo(
            attachment.ConnectionId, _services.Node, (int)attachment.Level, attachment.Device, attachment.Platform ?? "", slot.Transport.RemoteEndPoint.ToString(), attachment.LoggedInAt);
    }
}
