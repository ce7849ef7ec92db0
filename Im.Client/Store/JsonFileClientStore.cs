using System.Text.Json;

namespace Im.Client;

/// <summary>
/// Keeps cursors and queue in one JSON file, for tools: written whole to a neighbour file and renamed, at most five times a second. What the last
/// 200 ms changed is lost when the process dies: a cursor then lags, and its records come again; a command that was not written is not sent again.
/// </summary>
public sealed class JsonFileClientStore : IImClientStore, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly MemoryClientStore _memory = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _path;
    private int _scheduled;

    /// <param name="path">The file; it and its directory are made when they do not exist.</param>
    public JsonFileClientStore(string path) => _path = path;

    private sealed record Content(Dictionary<string, ImCursor> Cursors, List<ImQueuedCommand> Queue);

    /// <inheritdoc/>
    /// <exception cref="JsonException">The file is not one of this store.</exception>
    public async ValueTask<ImClientSnapshot> LoadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(_path)) return ImClientSnapshot.Empty;
        var content = JsonSerializer.Deserialize<Content>(await File.ReadAllBytesAsync(_path, cancellation).ConfigureAwait(false), JsonSerializerOptions.Web);
        foreach (var (conversation, cursor) in content?.Cursors ?? []) _memory.SaveCursor(conversation, cursor);
        foreach (var command in content?.Queue ?? []) _memory.SaveQueued(command);
        return _memory.Snapshot();
    }

    /// <inheritdoc/>
    public void SaveCursor(string conversation, ImCursor cursor)
    {
        _memory.SaveCursor(conversation, cursor);
        Schedule();
    }

    /// <inheritdoc/>
    public void RemoveCursor(string conversation)
    {
        _memory.RemoveCursor(conversation);
        Schedule();
    }

    /// <inheritdoc/>
    public void SaveQueued(ImQueuedCommand command)
    {
        _memory.SaveQueued(command);
        Schedule();
    }

    /// <inheritdoc/>
    public void RemoveQueued(string cid)
    {
        _memory.RemoveQueued(cid);
        Schedule();
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _scheduled, 0);
            var snapshot = _memory.Snapshot();
            if (Path.GetDirectoryName(Path.GetFullPath(_path)) is { } directory) Directory.CreateDirectory(directory);
            var next = _path + ".new";
            var content = new Content(new Dictionary<string, ImCursor>(snapshot.Cursors), [.. snapshot.Queue]);
            await File.WriteAllBytesAsync(next, JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web), cancellation).ConfigureAwait(false);
            File.Move(next, _path, overwrite: true);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        _writing.Dispose();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0) _ = WriteSoonAsync();
    }

    private async Task WriteSoonAsync()
    {
        await Task.Delay(Pause).ConfigureAwait(false);
        if (Volatile.Read(ref _scheduled) == 0) return;
        try
        {
            await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The next change or flush tries again; FlushAsync tells its caller.
        }
    }
}
