namespace Im.Actors.Connections.Commands;

internal static class NameChecks
{
    /// <summary>1–64 of <c>[A-Za-z0-9_.:-]</c>.</summary>
    public static bool IsCid(string cid) => cid.Length is >= 1 and <= 64 && cid.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');
}
