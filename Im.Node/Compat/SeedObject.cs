namespace Im.Node.Compat;

/// <summary>A JSON object with its keys in alphabetical order, as the seed writes them. Values: bool, integers, string, lists of these, objects.</summary>
internal sealed class SeedObject() : SortedDictionary<string, object>(StringComparer.Ordinal);
