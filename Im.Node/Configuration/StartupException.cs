namespace Im.Node.Configuration;

/// <summary>The node cannot start for a reason that its operator can remove: shown as it is, without a stack trace.</summary>
internal sealed class StartupException(int exitCode, IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    public StartupException(int exitCode, string line)
        : this(exitCode, [line])
    {
    }

    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Lines { get; } = lines;
}

/// <summary>How the process ends; docs/operations.md lists them.</summary>
internal static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>A failure that is not the operator's; the log has it.</summary>
    public const int Failed = 1;

    /// <summary>Settings or secrets are wrong.</summary>
    public const int Configuration = 2;

    /// <summary>A port is taken or may not be opened.</summary>
    public const int Port = 3;

    /// <summary>The data directory cannot be used.</summary>
    public const int DataDirectory = 4;

    /// <summary>Not ready within a minute.</summary>
    public const int NotReady = 5;

    /// <summary>The message store cannot be opened: away, refused, locked or damaged.</summary>
    public const int Storage = 6;

    /// <summary>A part that the node cannot do without has ended while running: a shard region, the actor system.</summary>
    public const int PartLost = 70;

    /// <summary>The cluster goes on without this node: it downed itself, was downed, or was quarantined.</summary>
    public const int Downed = 71;

    /// <summary>Drained by the server API, to stay away.</summary>
    public const int Drained = 72;

    /// <summary>Drained by the server API, to be started again.</summary>
    public const int DrainedForRestart = 73;

    /// <summary>A sync of the message store failed while running; the next start repairs.</summary>
    public const int LostSync = 74;

    /// <summary>A second Ctrl+C or SIGTERM ended the drain.</summary>
    public const int Interrupted = 130;
}
