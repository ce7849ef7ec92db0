using System.Globalization;

namespace Im.Cli.Commands;

/// <summary>Six random characters that keep the users and messages of two runs apart.</summary>
internal static class RunName
{
    public static string New() => Random.Shared.Next(0x1000000).ToString("x6", CultureInfo.InvariantCulture);
}
