using System.Globalization;

namespace Im.Node.Storage.Files;

/// <summary>How far this node has seen the store, kept beside it: a store that is behind its mark is an older one that was put back.</summary>
/// <param name="Change">A change that is on disk.</param>
internal sealed record StoreMark(string Generation, long Change)
{
    public const string FileName = "store.mark";

    /// <summary>Null when there is none, or it cannot be read: then nothing is known.</summary>
    public static StoreMark? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) && File.ReadAllText(path).Split(' ') is [var generation, var change] && long.TryParse(change, CultureInfo.InvariantCulture, out var number)
            ? new StoreMark(generation, number)
            : null;
    }

    public void Write(string directory, bool syncs) =>
        DurableFile.Write(Path.Combine(directory, FileName), string.Create(CultureInfo.InvariantCulture, $"{Generation} {Change}"), syncs);

    /// <summary>The store has forgotten what this mark has seen. A generation that the store knows as a former one is behind it.</summary>
    public bool IsAheadOf(StoreIdentity store) => Generation == store.Generation ? Change > store.Change : !store.FormerGenerations.Contains(Generation);
}

/// <summary>What a store says of itself.</summary>
/// <param name="Change">Of its newest append.</param>
internal sealed record StoreIdentity(string Generation, IReadOnlyList<string> FormerGenerations, long Change);
