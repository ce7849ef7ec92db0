namespace Im.Tests.Browser;

/// <summary>The browser that the tests drive: <c>IM_CHROMIUM</c>, else where Debian puts it.</summary>
internal static class ChromiumPath
{
    public static string Value { get; } = Environment.GetEnvironmentVariable("IM_CHROMIUM") ?? "/usr/bin/chromium";

    public static bool IsThere => File.Exists(Value);

    /// <summary>The reason for not running, or null when browser tests are to run.</summary>
    public static string? WhyNotRun() =>
        IsThere || Environment.GetEnvironmentVariable("IM_TESTS_ALL") == "1"
            ? null
            : $"No Chromium at {Value}: set IM_CHROMIUM, or IM_TESTS_ALL=1 to make this a failure.";
}
