using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Appends;

/// <summary>The store refused one record of a part for its data. The part stores nothing; others of its group are not to blame.</summary>
/// <param name="index">Of the record in its part; -1 when the part as a whole was refused.</param>
/// <param name="outcome"><see cref="AppendOutcome.Fenced"/> when the record's number was taken, else <see cref="AppendOutcome.Rejected"/>.</param>
internal sealed class RecordRefusedException(int index, AppendOutcome outcome, Exception inner) : Exception(inner.Message, inner)
{
    public int Index { get; } = index;

    public AppendOutcome Outcome { get; } = outcome;
}
