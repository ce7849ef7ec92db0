using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Im.Node.Configuration;

/// <summary>One setting, found by walking the option records.</summary>
/// <param name="Key">As in <c>Im:Http:Port</c>; a list's members are marked <c>:0</c>, an app's <c>:101</c>.</param>
/// <param name="Type">Type of the value, or of one member of a list.</param>
/// <param name="Default">The value when nothing is set; null for a member of a list of records.</param>
internal sealed record OptionEntry(string Key, Type Type, object? Default, bool IsList, RangeAttribute? Range)
{
    public string EnvironmentName => EnvironmentNameOf(Key);

    public static string EnvironmentNameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>Every setting there is. The reader, the suggestions for unknown keys and the test of the documentation use the same list.</summary>
internal static class OptionCatalog
{
    /// <summary>Stands for any app in the keys of settings per app.</summary>
    private const int ExampleApp = 101;

    public static IReadOnlyList<OptionEntry> All { get; } = [.. Walk(ImOptions.Section, new ImOptions())];

    /// <summary>The member type of a list property, or null when it is no list.</summary>
    public static Type? MemberTypeOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>The value type of a property with one group of settings per app, or null when it is none.</summary>
    public static Type? PerAppTypeOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    public static bool IsRecord(Type type) => type.Namespace == typeof(ImOptions).Namespace && !type.IsEnum;

    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static IEnumerable<OptionEntry> Walk(string path, object defaults)
    {
        foreach (var property in PropertiesOf(defaults.GetType()))
        {
            var key = $"{path}:{property.Name}";
            var value = property.GetValue(defaults);
            var member = MemberTypeOf(property.PropertyType);
            if (member is not null && IsRecord(member))
            {
                foreach (var entry in Walk($"{key}:0", Activator.CreateInstance(member)!)) yield return entry;
            }
            else if (PerAppTypeOf(property.PropertyType) is { } perApp)
            {
                foreach (var entry in Walk($"{key}:{ExampleApp}", Activator.CreateInstance(perApp)!)) yield return entry;
            }
            else if (IsRecord(property.PropertyType))
            {
                foreach (var entry in Walk(key, value!)) yield return entry;
            }
            else
            {
                yield return new OptionEntry(
                    member is null ? key : $"{key}:0", member ?? property.PropertyType, value, member is not null, property.GetCustomAttribute<RangeAttribute>());
            }
        }
    }
}
