namespace Im.Cli.Verify.Facts;

/// <summary>A record that a device's application got.</summary>
/// <param name="Gap">Numbers that the client said will not come, directly before it.</param>
/// <param name="AtMs">Milliseconds of the run.</param>
internal sealed record AppliedFact(
    string Epoch, long Mseq, string Mid, string From, string? Cid, string Type, string Text, string Ext, bool IsRecalled, (long From, long To)? Gap, long AtMs);

/// <summary>From here on a device was to get every record.</summary>
internal sealed record OpenedFact(string Epoch, long After);

/// <summary>What one device has of one conversation, in the order in which it got it.</summary>
internal sealed class CopyFacts
{
    public List<OpenedFact> Opened { get; } = [];

    public List<AppliedFact> Applied { get; } = [];

    /// <summary>Pushes as they came, applied or not.</summary>
    public List<(string Epoch, long Mseq)> Pushed { get; } = [];

    /// <summary>The device left on purpose: its copy may end anywhere.</summary>
    public bool IsLeft { get; set; }
}

/// <summary>A mark that only grows: a receipt's delivered or read number as one device heard it, or the answer to an own <c>read</c>.</summary>
/// <param name="Life">Which start of the node; the last second before a kill may be forgotten, so marks are compared inside one life.</param>
internal sealed record MarkFact(string Device, string Kind, string Conversation, string User, long Mseq, int Life);

/// <summary>A time without a logged-in connection.</summary>
/// <param name="CloseCode">With what the connection was closed; null when the client left it, or there was no close frame to tell.</param>
/// <param name="ToMs">Online again.</param>
internal sealed record AwayFact(long FromMs, int? CloseCode, long ToMs);

/// <summary>The client asked for records that no push brought, though nothing disturbed.</summary>
internal sealed record GapFact(string Device, string Conversation, long After, long AtMs);

/// <summary>One device and all that it got.</summary>
internal sealed class DeviceFacts(string name, string user)
{
    public string Name => name;

    public string User => user;

    public Dictionary<string, CopyFacts> Copies { get; } = [];

    /// <summary>After the first login, in order.</summary>
    public List<AwayFact> Away { get; } = [];

    /// <summary>Online and caught up at the end; only then is a missing record a lost one.</summary>
    public bool IsComplete { get; set; }

    /// <summary>It takes records slowly during all of the load.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Times at which the connection was broken on purpose, in milliseconds of the run.</summary>
    public List<long> Broken { get; } = [];

    /// <summary>Times from which on it was to stay on a connection that is silent, in milliseconds of the run: how long it waits then says nothing about the servers.</summary>
    public List<long> Held { get; } = [];

    public CopyFacts Copy(string conversation)
    {
        if (!Copies.TryGetValue(conversation, out var copy)) Copies.Add(conversation, copy = new CopyFacts());
        return copy;
    }
}
