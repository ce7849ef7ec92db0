using Im.Actors.Sessions.Policies;

namespace Im.Node.Configuration;

/// <summary>What one app allows, <c>Im__AppPolicies__101__…</c>.</summary>
internal sealed record AppPolicyOptions
{
    /// <summary>Which of a user's connections exclude each other.</summary>
    public DeviceRule Devices { get; init; } = DeviceRule.Device;

    /// <summary>Who gives way then: the older connection, or the new login.</summary>
    public ConflictRule OnConflict { get; init; } = ConflictRule.Kick;
}
