using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Im.Node.Configuration;

/// <summary>
/// Fills the option records from configuration and collects every error instead of stopping at the first. A value that
/// cannot be read leaves its default, so that the rest can still be checked.
/// </summary>
internal sealed class OptionReader(ICollection<string> errors)
{
    public ImOptions Read(IConfiguration configuration)
    {
        var options = new ImOptions();
        Fill(configuration.GetSection(ImOptions.Section), options, ImOptions.Section);
        return options;
    }

    private void Fill(IConfigurationSection section, object target, string path)
    {
        foreach (var child in section.GetChildren())
        {
            var property = OptionCatalog.PropertiesOf(target.GetType())
                .FirstOrDefault(candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            var key = $"{path}:{property?.Name ?? child.Key}";
            if (property is null) ReportUnknown(child, key);
            else if (OptionCatalog.IsRecord(property.PropertyType)) FillRecord(child, property.GetValue(target)!, key);
            else if (OptionCatalog.PerAppTypeOf(property.PropertyType) is { } perApp) property.SetValue(target, ReadPerApp(child, perApp, key));
            else if (OptionCatalog.MemberTypeOf(property.PropertyType) is { } member) property.SetValue(target, ReadList(child, property, member, key, target));
            else SetScalar(child, property, target, key);
        }
    }

    private void FillRecord(IConfigurationSection section, object target, string key)
    {
        if (!string.IsNullOrEmpty(section.Value))
            errors.Add($"{key} is \"{Shown(section.Value)}\": it is a group of settings and takes no value itself; remove {OptionEntry.EnvironmentNameOf(key)}");
        Fill(section, target, key);
    }

    private void SetScalar(IConfigurationSection section, PropertyInfo property, object target, string key)
    {
        foreach (var child in section.GetChildren()) ReportUnknown(child, $"{key}:{child.Key}");
        if (section.Value is null) return;
        if (TryParse(section.Value, property.PropertyType, property.GetCustomAttribute<RangeAttribute>(), key, out var value)) property.SetValue(target, value);
    }

    private object ReadList(IConfigurationSection section, PropertyInfo property, Type member, string key, object target)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(member))!;
        if (!string.IsNullOrEmpty(section.Value))
            errors.Add($"{key} is \"{Shown(section.Value)}\": it is a list, set its members one by one: {OptionEntry.EnvironmentNameOf(key)}__0=…");
        foreach (var child in section.GetChildren())
        {
            var memberKey = $"{key}:{child.Key}";
            if (!uint.TryParse(child.Key, out _))
            {
                ReportUnknown(child, memberKey);
            }
            else if (OptionCatalog.IsRecord(member))
            {
                var record = Activator.CreateInstance(member)!;
                Fill(child, record, memberKey);
                list.Add(record);
            }
            else if (child.Value is not null && TryParse(child.Value, member, range: null, memberKey, out var value))
            {
                list.Add(value);
            }
        }

        return list.Count > 0 ? list : property.GetValue(target)!;
    }

    private IDictionary ReadPerApp(IConfigurationSection section, Type perApp, string key)
    {
        var values = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(uint), perApp))!;
        if (!string.IsNullOrEmpty(section.Value))
            errors.Add($"{key} is \"{Shown(section.Value)}\": it is set for each app by its number: {OptionEntry.EnvironmentNameOf(key)}__101__…");
        foreach (var child in section.GetChildren())
        {
            if (!uint.TryParse(child.Key, out var app))
            {
                ReportUnknown(child, $"{key}:{child.Key}");
                continue;
            }

            var record = Activator.CreateInstance(perApp)!;
            FillRecord(child, record, $"{key}:{child.Key}");
            values[app] = record;
        }

        return values;
    }

    private bool TryParse(string text, Type type, RangeAttribute? range, string key, out object? value)
    {
        if (OptionValue.TryParse(text.Trim(), type, range, out value, out var expected)) return true;
        errors.Add($"{key} is \"{Shown(text)}\": expected {expected}; set {OptionEntry.EnvironmentNameOf(key)}");
        return false;
    }

    private void ReportUnknown(IConfigurationSection section, string key)
    {
        foreach (var leaf in LeavesOf(section, key))
        {
            errors.Add(NotBuiltYet.Explain(leaf) ?? UnknownKey.Explain(leaf));
        }
    }

    private static IEnumerable<string> LeavesOf(IConfigurationSection section, string key)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? [key] : children.SelectMany(child => LeavesOf(child, $"{key}:{child.Key}"));
    }

    private static string Shown(string value) => Telemetry.ControlCharacters.Escape(value.Length <= 80 ? value : value[..80] + "…");
}
