using Akka.Actor;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations.Store;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Actors.Connections;

/// <summary>What all ConnectionActors of a node share; one object, so that a connection pays one reference for it.</summary>
internal sealed record ConnectionServices
{
    public required CommandRouter Router { get; init; }

    /// <summary>The region of the SessionActors.</summary>
    public required IActorRef Sessions { get; init; }

    /// <summary>The region of the ConversationActors.</summary>
    public required IActorRef Conversations { get; init; }

    public required RelayRefs Relays { get; init; }

    public required IMessageStore Store { get; init; }

    public required HeadTable Heads { get; init; }

    public required DirectHeads Direct { get; init; }

    public required UserIndex Users { get; init; }

    public WatchIndex Watching { get; init; } = new();

    public required ConnectionTable Table { get; init; }

    /// <summary>Apps that may be logged in to.</summary>
    public required IReadOnlySet<uint> Apps { get; init; }

    /// <summary>How a login is judged.</summary>
    public required IdentityServices Identity { get; init; }

    public required TimeProvider Time { get; init; }

    public EntityCounters Entities { get; init; } = new();

    /// <summary>The node's part of a connection id.</summary>
    public required string Node { get; init; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public string NewMessageId() => Ulid.New(Time.GetUtcNow());
}
