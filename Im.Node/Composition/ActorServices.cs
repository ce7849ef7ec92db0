using System.Security.Cryptography;
using Akka.Hosting;
using Im.Actors;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Lifetime;
using Im.Protocol.Json;

namespace Im.Node.Composition;

/// <summary>The actors of the node: from the options to the running hops.</summary>
internal static class ActorServices
{
    public static IServiceCollection AddImActors(this IServiceCollection services, ImOptions options)
    {
        services.AddImCommands();
        services.AddSingleton<INodeParts, ReadinessParts>();
        services.AddSingleton(new ImActorsSettings(
            NewNodeName(),
            options.Apps.ToHashSet(),
            options.WebSocket.ToConnectionLimits(options.Auth.Mode),
            options.WebSocket.EffectiveMaxConnectionsCount(),
            ConversationSettings.Default with { IdempotencyRetention = options.Ingress.IdempotencyRetention })
        {
            SessionLease = options.Sessions.LeaseDuration,
            GatePatience = options.Cluster.ConfirmTimeout,
        });
        services.AddSingleton<ImActors>();
        services.AddSingleton<IConnectionHub>(provider => provider.GetRequiredService<ImActors>().Hub);
        services.AddSingleton(provider => provider.GetRequiredService<ImActors>().Broker);
        services.AddSingleton<INodeDrain, ConnectionDrain>();
        return services;
    }

    /// <summary>The commands of the protocol. A new one is a class and a line here.</summary>
    public static IServiceCollection AddImCommands(this IServiceCollection services) => services
        .AddSingleton<ICommandHandler, LoginHandler>()
        .AddSingleton<ICommandHandler, HeartbeatHandler>()
        .AddSingleton<ICommandHandler, PingHandler>()
        .AddSingleton<ICommandHandler, JoinHandler>()
        .AddSingleton<ICommandHandler, LeaveHandler>()
        .AddSingleton<ICommandHandler, MessageHandler>()
        .AddSingleton<ICommandHandler, TokenHandler>()
        .AddSingleton<ICommandHandler, WatchHandler>()
        .AddSingleton<ICommandHandler, AckHandler>()
        .AddSingleton<ICommandHandler, HistoryHandler>()
        .AddSingleton<ICommandHandler, SyncHandler>()
        .AddSingleton<ICommandHandler, ReadHandler>()
        .AddSingleton<ICommandHandler, TypingHandler>()
        .AddSingleton<ICommandHandler, ConversationsHandler>()
        .AddSingleton<ICommandHandler, GroupHandler>()
        .AddSingleton<ICommandHandler>(new AmendHandler(CommandNames.Edit))
        .AddSingleton<ICommandHandler>(new AmendHandler(CommandNames.Recall))
        .AddSingleton<ICommandHandler, LogoutHandler>();

    public static void WithImActors(this AkkaConfigurationBuilder akka, IServiceProvider provider) =>
        akka.WithActors((system, _) => provider.GetRequiredService<ImActors>().Start(system));

    /// <summary>New with every start, so that a connection id never names two connections.</summary>
    private static string NewNodeName() => "n" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private sealed class ReadinessParts(NodeReadiness readiness, IProcessEnd end) : INodeParts
    {
        public void Ready(string part) => readiness.Ready(Of(part));

        public void NotReady(string part, string why) => readiness.NotReady(Of(part), why);

        public void Lost(string part, string why)
        {
            readiness.NotReady(Of(part), why);
            end.End(part == Actors.NodePart.Gate ? ExitCodes.Downed : ExitCodes.PartLost, why);
        }

        private static Health.NodePart Of(string part) => part switch
        {
            Actors.NodePart.Regions => Health.NodePart.Regions,
            Actors.NodePart.Gate => Health.NodePart.Gate,
            _ => Health.NodePart.Relays,
        };
    }
}
