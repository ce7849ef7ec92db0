using System.Diagnostics.CodeAnalysis;

namespace Im.Protocol.Names;

/// <summary>Stable id of one installation, made by the client: 8–64 of <c>[A-Za-z0-9_.:-]</c>.</summary>
public readonly record struct DeviceId(string Value)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId device)
    {
        var valid = NameRules.IsToken(text, 8, 64);
        device = valid ? new DeviceId(text!) : default;
        return valid;
    }

    public override string ToString() => Value;
}
