namespace Im.Cli.Bench.Targets;

/// <summary>A directory that is removed with what is in it.</summary>
internal sealed class TemporaryDirectory(string prefix) : IAsyncDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
