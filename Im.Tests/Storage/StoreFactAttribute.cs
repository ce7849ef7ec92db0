using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Im.Tests.Storage;

/// <summary>The tests of this class need something that a bare machine has not.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPostgresAttribute : Attribute;

/// <summary>
/// A test of both providers. In a class that is marked as in need of PostgreSQL it is reported as not run, with the reason, where there
/// is none; under <c>IM_TESTS_ALL=1</c> it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Im.Tests.Storage.StoreFactDiscoverer", "Im.Tests")]
internal sealed class StoreFactAttribute : FactAttribute;

/// <inheritdoc cref="StoreFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Im.Tests.Storage.StoreTheoryDiscoverer", "Im.Tests")]
internal sealed class StoreTheoryAttribute : TheoryAttribute;

internal static class StoreNeeds
{
    public static string? WhyNotRun(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? Postgres.PostgresBinaries.WhyNotRun() : null;

    public static IXunitTestCase NotRun(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method, string reason) =>
        new XunitSkippedDataRowTestCase(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason);
}

internal sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        StoreNeeds.WhyNotRun(testMethod) is { } reason
            ? StoreNeeds.NotRun(DiagnosticMessageSink, discoveryOptions, testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

internal sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StoreNeeds.WhyNotRun(testMethod) is { } reason
            ? [StoreNeeds.NotRun(DiagnosticMessageSink, discoveryOptions, testMethod, reason)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
