using System.Text.Json.Serialization;

namespace Im.Cli.Doctor;

[JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))]
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Cannot be seen here, or does not matter for so many connections.</summary>
    Note,

    /// <summary>The node will not do what is asked of it until this is set.</summary>
    Set,
}

/// <summary>What one check found.</summary>
/// <param name="Name">As the system calls it, such as <c>net.core.somaxconn</c>.</param>
/// <param name="Found">The value now.</param>
/// <param name="Command">What sets it; null when nothing has to be set.</param>
/// <param name="Why">What happens otherwise; null when nothing has to be set.</param>
internal sealed record Finding(string Name, FindingLevel Level, string Found, string? Command = null, string? Why = null);
