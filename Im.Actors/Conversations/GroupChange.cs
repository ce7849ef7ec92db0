using Im.Actors.Conversations.Store;

namespace Im.Actors.Conversations;

/// <summary>What is asked of a group.</summary>
public abstract record GroupChange
{
    /// <param name="Users">Members besides the one who makes it.</param>
    public sealed record Create(string Name, IReadOnlyList<string> Users) : GroupChange;

    public sealed record Add(IReadOnlyList<string> Users) : GroupChange;

    public sealed record Remove(IReadOnlyList<string> Users) : GroupChange;

    public sealed record Leave : GroupChange;

    public sealed record SetRole(IReadOnlyList<string> Users, MemberRole Role) : GroupChange;

    /// <summary>Several at once, by a back end: one record.</summary>
    public sealed record Update(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyDictionary<string, MemberRole> Roles) : GroupChange;

    /// <summary>Only shows.</summary>
    public sealed record Get : GroupChange;
}
