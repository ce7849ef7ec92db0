using Im.Node.Storage.Sqlite;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

public sealed class SqliteReadersSpecs : IDisposable
{
    private const int Found = 1;
    private const int Unavailable = 2;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _isReading = new();
    private readonly ManualResetEventSlim _diskAnswers = new();
    private readonly SqliteReaders _readers;

    public SqliteReadersSpecs()
    {
        var path = _directory.File("im.db");
        SqliteDb.Open(path, writes: true).Dispose();
        _readers = new SqliteReaders(path, 1, _time);
    }

    [Fact]
    public async Task Should_read_for_everybody_when_all_connections_of_a_node_come_at_once()
    {
        var first = HoldUpTheReader();
        var reads = Enumerable.Range(0, 20_000).Select(_ => Read()).ToArray();
        _diskAnswers.Set();

        (await first.WaitAsync(Bound)).ShouldBe(Found);
        (await Task.WhenAll(reads).WaitAsync(Bound)).ShouldAllBe(answer => answer == Found);
    }

    [Fact]
    public async Task Should_refuse_what_has_waited_too_long_and_go_on_with_what_is_fresh()
    {
        var first = HoldUpTheReader();
        var tooOld = Read();
        _time.Advance(TimeSpan.FromSeconds(3.1));
        var fresh = Read();
        _diskAnswers.Set();

        (await first.WaitAsync(Bound)).ShouldBe(Found);
        (await tooOld.WaitAsync(Bound)).ShouldBe(Unavailable);
        (await fresh.WaitAsync(Bound)).ShouldBe(Found);
    }

    public void Dispose()
    {
        _diskAnswers.Set();
        _readers.Dispose();
        _isReading.Dispose();
        _diskAnswers.Dispose();
        _directory.Dispose();
    }

    private Task<int> Read() => _readers.RunAsync(_ => Found, Unavailable, CancellationToken.None);

    /// <summary>A read that is under way until the disk answers.</summary>
    private Task<int> HoldUpTheReader()
    {
        var read = _readers.RunAsync(
            _ =>
            {
                _isReading.Set();
                _diskAnswers.Wait();
                return Found;
            },
            Unavailable,
            CancellationToken.None);
        _isReading.Wait(Bound).ShouldBeTrue();
        return read;
    }
}
