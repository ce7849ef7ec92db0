using System.CommandLine;
using Im.Cli.Peer;

namespace Im.Cli.Commands;

/// <summary>Hidden: the SignalR server that <c>--peer signalr</c> starts.</summary>
internal static class PeerCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command("peer-signalr") { port };
        command.Hidden = true;
        command.SetAction(async (result, cancellation) =>
        {
            await PeerServer.RunAsync(result.GetValue(port), cancellation);
            return 0;
        });
        return command;
    }
}
