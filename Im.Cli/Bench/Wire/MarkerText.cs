using System.Text;

namespace Im.Cli.Bench.Wire;

/// <summary>A marker as the front of a text of a given length, for what is sent over gRPC.</summary>
internal static class MarkerText
{
    /// <param name="since">Stopwatch.</param>
    /// <param name="sizeBytes">At least <see cref="Marker.Length"/>.</param>
    public static string Of(int number, long since, int sizeBytes) => string.Create(sizeBytes, (number, SentAt: Marker.At(since)), static (target, mark) =>
    {
        Span<byte> marker = stackalloc byte[Marker.Length];
        Marker.Write(marker, mark.number, mark.SentAt);
        Encoding.ASCII.GetChars(marker, target);
        target[Marker.Length..].Fill('x');
    });
}
