using System.Reflection;

namespace Im.Node;

internal static class NodeVersion
{
    /// <summary>As in <c>0.1.0</c>, without build metadata.</summary>
    public static string Text { get; } =
        typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
