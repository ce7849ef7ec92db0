using Im.Cli.Text;

namespace Im.Cli.Bench.Report;

/// <summary>The last line of each measurement, and the exit code that goes with it.</summary>
internal static class Verdict
{
    public const int Valid = 0;
    public const int Failed = 1;

    /// <summary>Something was measured, but it may not be quoted.</summary>
    public const int Invalid = 3;

    /// <summary>Measured, and a figure is what <c>--fail-if</c> names.</summary>
    public const int Threshold = 4;

    public static int ExitCode(bool valid) => valid ? Valid : Invalid;

    public static void Print(BenchConsole console, bool valid, IReadOnlyList<string> problems)
    {
        if (valid)
        {
            console.Line(Say.It("VALID", "结果有效"));
            return;
        }
        foreach (var problem in problems) console.Line(Say.It($"INVALID: {problem}", $"结果无效：{problem}"));
    }
}
