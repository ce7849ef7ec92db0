namespace Im.Cli.Nodes;

/// <summary>The node refused a call, or did not answer.</summary>
/// <param name="isAnswered">False: there was no answer at all.</param>
internal sealed class AdminException(string message, bool isAnswered) : Exception(message)
{
    public bool IsAnswered => isAnswered;
}
