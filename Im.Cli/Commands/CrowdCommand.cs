using System.CommandLine;
using Im.Cli.Bench.Clients.Processes;

namespace Im.Cli.Commands;

/// <summary>Hidden: a client process of <c>im bench</c>, which gets its orders by standard input.</summary>
internal static class CrowdCommand
{
    public const string Name = "bench-clients";

    public static Command Create()
    {
        var command = new Command(Name) { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            await new CrowdServant(Console.In, Console.Out).RunAsync(cancellation);
            return 0;
        });
        return command;
    }
}
