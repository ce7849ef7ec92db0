namespace Im.Cli.Text;

/// <summary>Chooses between the two languages of the tool, once, from LC_ALL, LC_MESSAGES or LANG.</summary>
internal static class Say
{
    private static readonly bool Chinese = IsChinese(
        Environment.GetEnvironmentVariable("LC_ALL"),
        Environment.GetEnvironmentVariable("LC_MESSAGES"),
        Environment.GetEnvironmentVariable("LANG"));

    public static string It(string english, string chinese) => Chinese ? chinese : english;

    /// <summary>The first variable that is set decides, as POSIX has it.</summary>
    internal static bool IsChinese(params ReadOnlySpan<string?> variables)
    {
        foreach (var value in variables)
        {
            if (!string.IsNullOrEmpty(value)) return value.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        }
        return false;
    }
}
