using System.Globalization;

namespace Im.Cli.Nodes;

/// <summary>A bar of text.</summary>
internal static class ProgressText
{
    private const int Width = 30;

    /// <param name="left">Of <paramref name="total"/>, what is still to do; more than that counts as all.</param>
    public static string Bar(long total, long left)
    {
        var done = total <= 0 ? 1 : 1 - ((double)Math.Clamp(left, 0, total) / total);
        var filled = (int)(done * Width);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('.', Width - filled)}] {done * 100,3:F0} %  {total - Math.Min(left, total):N0}/{total:N0}");
    }
}
