using Im.Cli.Verify.Hosts;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>
/// A test that starts nginx or PostgreSQL, or cuts links. Where they are not installed, or it is not run by root, it is reported as not run, with the reason; under
/// <c>IM_TESTS_ALL=1</c> it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute() => Skip = HostNeeds.WhyNotRun();
}

/// <inheritdoc cref="HostFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HostTheoryAttribute : TheoryAttribute
{
    public HostTheoryAttribute() => Skip = HostNeeds.WhyNotRun();
}

internal static class HostNeeds
{
    public static string? WhyNotRun()
    {
        if (Environment.GetEnvironmentVariable("IM_TESTS_ALL") == "1") return null;
        if (NodeNetwork.WhyNot is { } reason) return reason;
        return HostPrograms.MissingPackages(withNamespaces: true) is { Count: > 0 } missing ? $"Missing packages: {string.Join(' ', missing)}. IM_TESTS_ALL=1 makes this a failure." : null;
    }
}
