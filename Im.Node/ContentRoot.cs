namespace Im.Node;

internal static class ContentRoot
{
    private static readonly string[] Names = ["ASPNETCORE_CONTENTROOT", "DOTNET_CONTENTROOT"];

    /// <summary>What the operator names; else the working directory if the node's files are there; else where its program is.</summary>
    public static string Find()
    {
        var named = Names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        if (named is not null) return Path.GetFullPath(named);
        var working = Directory.GetCurrentDirectory();
        return Directory.Exists(Path.Combine(working, "wwwroot")) ? working : AppContext.BaseDirectory;
    }
}
