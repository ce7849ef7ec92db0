namespace Im.Cli.Bench.Report.Pages;

/// <summary>The command line of a run, fit to be shown: quoted for a shell, and without the values of secrets.</summary>
internal static class CommandText
{
    private static readonly string[] Secrets = ["--api-key", "--key"];

    public static string OfProcess() => Of(Environment.GetCommandLineArgs().Skip(1));

    public static string Of(IEnumerable<string> arguments)
    {
        var words = new List<string> { "im" };
        var isSecret = false;
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var isJoined = equals > 0 && Secrets.Contains(argument[..equals]);
            words.Add(isSecret ? "…" : isJoined ? $"{argument[..equals]}=…" : Quote(argument));
            isSecret = Secrets.Contains(argument);
        }

        return string.Join(' ', words);
    }

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,@%+".Contains(letter, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
