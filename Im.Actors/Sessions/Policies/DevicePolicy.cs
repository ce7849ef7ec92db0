using Im.Protocol.Names;

namespace Im.Actors.Sessions.Policies;

/// <summary>Which connections of one user exclude each other.</summary>
internal enum DeviceRule
{
    /// <summary>None: any number, of one device too.</summary>
    None,

    /// <summary>Those of one device. A level 0 connection is a device of its own.</summary>
    Device,

    /// <summary>Those of one platform, and those of one device. Level 0 clients name none and are one platform together.</summary>
    Platform,

    /// <summary>All.</summary>
    Single,
}

/// <summary>Who gives way when two connections exclude each other.</summary>
internal enum ConflictRule
{
    /// <summary>The older: pushed <c>kicked</c>, closed with 4006.</summary>
    Kick,

    /// <summary>The new login: 1019, close 4009. A device that comes back with a greater <c>try</c> still takes its own place.</summary>
    Refuse,
}

/// <summary>What an app allows a user's devices.</summary>
internal sealed record DevicePolicy(DeviceRule Devices = DeviceRule.Device, ConflictRule OnConflict = ConflictRule.Kick)
{
    public static readonly DevicePolicy Default = new();
}

/// <summary>The policies of the apps that have one of their own.</summary>
internal sealed record DevicePolicies(IReadOnlyDictionary<uint, DevicePolicy> ByApp)
{
    public static readonly DevicePolicies Default = new(new Dictionary<uint, DevicePolicy>());

    public DevicePolicy Of(AppId app) => ByApp.GetValueOrDefault(app.Value, DevicePolicy.Default);
}
