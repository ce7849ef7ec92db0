namespace Im.Cli.Verify.Facts;

internal enum Outcome
{
    /// <summary>No answer until the end.</summary>
    Open,
    Acked,

    /// <summary>A final code: nothing is stored.</summary>
    Refused,
}

/// <summary>One call of a durable command by a client, or one push by HTTP.</summary>
/// <param name="Order">Grows with the calls of one device.</param>
/// <param name="Command">msg, edit, recall, push, add or remove.</param>
/// <param name="Text">What was sent; of a recall empty; of an add or remove the user.</param>
/// <param name="Target">Of an edit or recall: the number of the message.</param>
/// <param name="IsRepeat">The same cid was called before, on purpose.</param>
/// <param name="IsProbe">Sent at the end, when nothing else happens.</param>
internal sealed record SentFact(string Device, string User, long Order, string Conversation, string Cid, string Command, string Text, long Target, bool IsRepeat, bool IsProbe)
{
    public Outcome Outcome { get; set; }

    public string Epoch { get; set; } = "";

    public long Mseq { get; set; }

    public string Mid { get; set; } = "";

    public bool IsDuplicate { get; set; }

    /// <summary>The final code.</summary>
    public int Code { get; set; }

    /// <summary>Milliseconds of the run at the call.</summary>
    public long BegunMs { get; set; }

    /// <summary>Milliseconds of the run at the answer.</summary>
    public long AnsweredMs { get; set; }

    public override string ToString() =>
        $"{Device} {Command} #{Order} cid {Cid}{(IsRepeat ? " (repeated)" : "")}: " + Outcome switch
        {
            Outcome.Acked => $"acked at {Mseq}{(IsDuplicate ? " dup" : "")}",
            Outcome.Refused => $"refused {Code}",
            _ => "no answer",
        };
}
