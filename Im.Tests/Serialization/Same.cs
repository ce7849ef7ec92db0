using System.Collections;
using System.Reflection;
using Akka.Actor;

namespace Im.Tests.Serialization;

/// <summary>Compares messages as wholes: records, lists, dictionaries and bytes by what they hold.</summary>
internal static class Same
{
    /// <returns>Where they differ first, or null.</returns>
    public static string? Difference(object? actual, object? expected, string path = "")
    {
        if (expected is null || actual is null) return expected is null && actual is null ? null : $"{path}: {actual ?? "null"} instead of {expected ?? "null"}";
        if (IsWhole(expected)) return expected.Equals(actual) ? null : $"{path}: {actual} instead of {expected}";
        if (expected is ReadOnlyMemory<byte> bytes) return bytes.Span.SequenceEqual(((ReadOnlyMemory<byte>)actual).Span) ? null : $"{path}: other bytes";
        if (expected is IEnumerable) return Difference(Items(actual), Items(expected), path);
        if (expected.GetType() != actual.GetType()) return $"{path}: {actual.GetType().Name} instead of {expected.GetType().Name}";
        return PropertiesOf(expected.GetType())
            .Select(property => Difference(property.GetValue(actual), property.GetValue(expected), $"{path}.{property.Name}"))
            .FirstOrDefault(difference => difference is not null);
    }

    /// <summary>What the message was made of; what it computes from that is left out.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => (property.CanWrite || IsPair(type)) && property.GetIndexParameters().Length == 0);

    /// <summary>Has no parts that could be lost on their own.</summary>
    public static bool IsWhole(object value) => value is string or IActorRef or Enum or TimeSpan or DateTimeOffset || value.GetType().IsPrimitive;

    public static object?[] Items(object list) => [.. ((IEnumerable)list).Cast<object?>()];

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static string? Difference(object?[] actual, object?[] expected, string path)
    {
        if (actual.Length != expected.Length) return $"{path}: {actual.Length} items instead of {expected.Length}";
        return expected.Select((item, i) => Difference(actual[i], item, $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
    }
}
