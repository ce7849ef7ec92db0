using Xunit;

namespace Im.Tests.Browser;

/// <summary>
/// A test that needs Chromium. Without one it is reported as not run, with the reason; under <c>IM_TESTS_ALL=1</c> it
/// runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (ChromiumPath.WhyNotRun() is { } reason) Skip = reason;
    }
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (ChromiumPath.WhyNotRun() is { } reason) Skip = reason;
    }
}
