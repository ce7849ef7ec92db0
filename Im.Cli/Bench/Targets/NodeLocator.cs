using System.Diagnostics;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary>Finds the built node: as told, or in the source tree that this tool was built in, where it is built in Release when it is not there yet.</summary>
internal static class NodeLocator
{
    /// <param name="path">A node's dll or executable; null looks for it.</param>
    /// <exception cref="BenchException">There is none, and none can be built.</exception>
    public static async Task<string> FindAsync(string? path, CancellationToken cancellation)
    {
        if (path is not null)
            return File.Exists(path) ? Path.GetFullPath(path) : throw new BenchException(Say.It($"{path}: no such file.", $"{path}：文件不存在。"));
        var root = FindRoot(AppContext.BaseDirectory) ?? FindRoot(Environment.CurrentDirectory)
            ?? throw new BenchException(Say.It(
                "No source tree here to take the node from: give --node-path, or --url and --api of a running one.",
                "这里没有源码树：请用 --node-path 指定节点程序，或用 --url 与 --api 指定正在运行的节点。"));
        await BuildAsync(root, cancellation);
        var dll = Path.Combine(root, "artifacts", "bin", "Im.Node", "release", "Im.Node.dll");
        return File.Exists(dll) ? dll : throw new BenchException(Say.It($"{dll}: not built.", $"{dll}：尚未构建。"));
    }

    /// <summary>The nearest directory upwards that holds the solution.</summary>
    internal static string? FindRoot(string from)
    {
        for (var directory = new DirectoryInfo(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "ImAkka.sln"))) return directory.FullName;
        }
        return null;
    }

    private static async Task BuildAsync(string root, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(root, "Im.Node"), "-c", "Release", "-v", "q", "--nologo"])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync(cancellation);
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0) throw new BenchException(Say.It("The node does not build:\n", "节点构建失败：\n") + output.Trim());
    }
}
