namespace Im.Cli.Verify.Facts;

/// <summary>A delivery state that the server reported of one device.</summary>
internal sealed record StateFact(string Device, string State);

/// <summary>What the server said of a push to a user's inbox.</summary>
/// <param name="States">Of every answer, the later ones included.</param>
internal sealed record PushFact(string User, string Key, string Mid, long Mseq, IReadOnlyList<StateFact> States)
{
    public string Conversation => "u:" + User;
}
