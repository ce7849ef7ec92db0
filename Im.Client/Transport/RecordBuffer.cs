using System.Threading.Channels;

namespace Im.Client.Transport;

/// <summary>
/// Applied records on their way to the application. It takes every record; from <paramref name="max"/> on the socket is not read, so it exceeds
/// that by the records of one message at most.
/// </summary>
internal sealed class RecordBuffer(int max)
{
    private readonly Channel<ImRecord> _records = Channel.CreateUnbounded<ImRecord>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public ChannelReader<ImRecord> Reader => _records.Reader;

    public void Add(ImRecord record)
    {
        if (_records.Writer.TryWrite(record)) Interlocked.Increment(ref _count);
    }

    public void OnTaken()
    {
        if (Interlocked.Decrement(ref _count) == max - 1) Interlocked.Exchange(ref _room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public void Complete() => _records.Writer.TryComplete();

    public async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // The source is read before the count: a record that is taken between the two completes that very source.
            var room = Volatile.Read(ref _room);
            if (Volatile.Read(ref _count) < max) return;
            await room.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
