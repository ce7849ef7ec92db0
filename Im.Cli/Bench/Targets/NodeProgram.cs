namespace Im.Cli.Bench.Targets;

/// <summary>The built node as a child process.</summary>
internal static class NodeProgram
{
    /// <param name="program">Its dll or executable.</param>
    /// <param name="prefix">What has to stand before it, such as the way into a namespace.</param>
    /// <exception cref="BenchException">It cannot be started.</exception>
    public static ChildProcess Start(string program, IReadOnlyDictionary<string, string> environment, string logPath, params IReadOnlyList<string> prefix)
    {
        string[] command = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [.. prefix, "dotnet", program] : [.. prefix, program];
        return ChildProcess.Start(command[0], command[1..], environment, Path.GetDirectoryName(program)!, logPath);
    }
}
