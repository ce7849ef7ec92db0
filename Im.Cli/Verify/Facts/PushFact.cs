namespace Im.Cli.Verify.Facts;

/// <summary>A delivery state that the server reported of one device.</summary>
internal sealed record StateFact(string Device, string State);

/// <summary>What the server said of a push to a user's inbox.</summary>
/// <param name="States">Of one answer; a later answer is a fact of its own.</param>
/// <param name="AtMs">Milliseconds of the run at the answer.</param>
internal sealed record PushFact(string User, string Key, string Mid, long Mseq, IReadOnlyList<StateFact> States, long AtMs)
{
    public string Conversation => "u:" + User;
}
