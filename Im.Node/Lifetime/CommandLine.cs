using Im.Node.Configuration;

namespace Im.Node.Lifetime;

/// <summary>What the command line may hold: options, <c>--help</c> and <c>--version</c>. Anything else is refused, because it would silently do nothing.</summary>
internal static class CommandLine
{
    private const string Help = """
        ImAkka: a message broker for instant messaging.

          --Im:Http:Port=8080       set an option; the environment form is Im__Http__Port=8080
          --help, --version

        docs/configuration.md lists every option.
        """;

    private static readonly string[] Sections = ["Im:", "Logging:", "environment", "contentRoot"];

    /// <summary>Prints what was asked for and returns the exit code, or null when the node is to start.</summary>
    /// <exception cref="StartupException">An argument that nobody reads.</exception>
    public static int? Answer(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            Console.Out.WriteLine(Help);
            return ExitCodes.Stopped;
        }

        if (args.Contains("--version"))
        {
            Console.Out.WriteLine(NodeVersion.Text);
            return ExitCodes.Stopped;
        }

        var errors = Unread(args).ToList();
        return errors.Count == 0 ? null : throw new StartupException(ExitCodes.Configuration, errors);
    }

    private static IEnumerable<string> Unread(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var key = args[i].Split('=')[0];
            if (!key.StartsWith("--", StringComparison.Ordinal) || !Sections.Any(section => key[2..].StartsWith(section, StringComparison.OrdinalIgnoreCase)))
                yield return $"Argument \"{key}\" is unknown: options are written as --Im:Http:Port=8080 (see --help)";
            else if (!args[i].Contains('=', StringComparison.Ordinal)) i++;
        }
    }
}
