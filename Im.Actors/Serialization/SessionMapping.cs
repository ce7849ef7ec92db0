using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;

namespace Im.Actors.Serialization;

/// <summary>To and from a user's session, but for pushes.</summary>
internal static class SessionMapping
{
    public static Wire.Attach ToWire(SessionCommands.Attach attach)
    {
        var wire = new Wire.Attach
        {
            User = attach.User.ToWire(),
            ConnectionId = attach.ConnectionId,
            Connection = References.Write(attach.Connection),
            Try = attach.Try,
            SinceMs = attach.SinceMs,
        };
        if (attach.Device is not null) wire.Device = attach.Device;
        if (attach.Platform is not null) wire.Platform = attach.Platform;
        return wire;
    }

    public static SessionCommands.Attach FromWire(Wire.Attach wire, References references) => new(
        wire.User.FromWire(),
        wire.ConnectionId,
        references.Read(wire.Connection),
        wire.HasDevice ? wire.Device : null,
        wire.HasPlatform ? NameMapping.PlatformName(wire.Platform) : null,
        wire.Try) { SinceMs = wire.SinceMs };

    public static Wire.Offers ToWire(SessionCommands.Offers offers) => new() { Shard = offers.Shard, Connections = { offers.Connections.Select(ToWire) } };

    public static SessionCommands.Offers FromWire(Wire.Offers wire, References references) =>
        new(wire.Shard, [.. wire.Connections.Select(attach => FromWire(attach, references))]);

    public static Wire.Detach ToWire(SessionCommands.Detach detach) => new() { User = detach.User.ToWire(), ConnectionId = detach.ConnectionId };

    public static SessionCommands.Detach FromWire(Wire.Detach wire, References references) => new(wire.User.FromWire(), wire.ConnectionId);

    public static Wire.Kick ToWire(SessionCommands.Kick kick) => new() { User = kick.User.ToWire(), Platforms = { kick.Platforms }, Reason = kick.Reason, Tag = kick.Tag };

    public static SessionCommands.Kick FromWire(Wire.Kick wire, References references) => new(wire.User.FromWire(), [.. wire.Platforms], wire.Reason) { Tag = wire.Tag };

    public static Wire.Watch ToWire(SessionCommands.Watch watch) =>
        new() { User = watch.User.ToWire(), WatcherId = watch.WatcherId, Watcher = References.Write(watch.Watcher) };

    public static SessionCommands.Watch FromWire(Wire.Watch wire, References references) =>
        new(wire.User.FromWire(), wire.WatcherId, references.Read(wire.Watcher));

    public static Wire.Unwatch ToWire(SessionCommands.Unwatch unwatch) => new() { User = unwatch.User.ToWire(), WatcherId = unwatch.WatcherId };

    public static SessionCommands.Unwatch FromWire(Wire.Unwatch wire, References references) => new(wire.User.FromWire(), wire.WatcherId);

    public static Wire.Attached ToWire(SessionEvents.Attached attached) => new() { ConnectionId = attached.ConnectionId };

    public static SessionEvents.Attached FromWire(Wire.Attached wire, References references) => new(wire.ConnectionId);

    public static Wire.AttachRefused ToWire(SessionEvents.AttachRefused refused) => new() { ConnectionId = refused.ConnectionId, ByPolicy = refused.ByPolicy };

    public static SessionEvents.AttachRefused FromWire(Wire.AttachRefused wire, References references) => new(wire.ConnectionId, wire.ByPolicy);

    public static Wire.AttachAgain ToWire(SessionEvents.AttachAgain again) => new() { Attach = ToWire(again.Attach) };

    public static SessionEvents.AttachAgain FromWire(Wire.AttachAgain wire, References references) => new(FromWire(Required.Of(wire.Attach), references));

    public static Wire.Presence ToWire(SessionEvents.Presence presence) => new()
    {
        User = presence.User.ToWire(),
        IsOnline = presence.IsOnline,
        Platforms = { presence.Platforms },
        LastSeenMs = presence.LastSeenMs,
    };

    public static SessionEvents.Presence FromWire(Wire.Presence wire, References references) =>
        new(wire.User.FromWire(), wire.IsOnline, [.. wire.Platforms.Select(NameMapping.PlatformName)], wire.LastSeenMs);

    public static Wire.WatchAgain ToWire(SessionEvents.WatchAgain again) => new() { User = again.User.ToWire() };

    public static SessionEvents.WatchAgain FromWire(Wire.WatchAgain wire, References references) => new(wire.User.FromWire());

    public static Wire.Kicked ToWire(SessionEvents.Kicked kicked) => new() { ConnectionIds = { kicked.ConnectionIds }, IsPartial = kicked.IsPartial, Tag = kicked.Tag };

    public static SessionEvents.Kicked FromWire(Wire.Kicked wire, References references) => new([.. wire.ConnectionIds]) { IsPartial = wire.IsPartial, Tag = wire.Tag };

    public static Wire.RevocationHint ToWire(RevocationActor.Hint hint) => new() { Number = hint.Number };

    public static RevocationActor.Hint FromWire(Wire.RevocationHint wire, References references) => new(wire.Number);
}
