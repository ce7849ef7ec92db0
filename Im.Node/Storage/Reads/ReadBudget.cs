using System.Text;
using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Reads;

/// <summary>Records and bytes that one answer may still carry.</summary>
internal sealed class ReadBudget(int records, int bytes)
{
    /// <summary>The 192 KiB of an answer.</summary>
    public const int AnswerMaxBytes = 192 * 1024;

    /// <summary>Names, ids and numbers of a record as JSON.</summary>
    private const int FrameBytes = 240;

    public int Records { get; private set; } = records;

    public int Bytes { get; private set; } = bytes;

    public static int SizeOf(StoredRecord record) => FrameBytes + Encoding.UTF8.GetByteCount(record.Text) + (record.Ext is null ? 0 : Encoding.UTF8.GetByteCount(record.Ext));

    /// <summary>False when it does not fit, and then nothing is taken.</summary>
    public bool TryTake(StoredRecord record)
    {
        var size = SizeOf(record);
        if (Records == 0 || size > Bytes) return false;
        Records--;
        Bytes -= size;
        return true;
    }

    public ReadBudget Copy() => new(Records, Bytes);

    /// <summary>Gives back what was taken since the copy was made.</summary>
    public void Restore(ReadBudget earlier)
    {
        Records = earlier.Records;
        Bytes = earlier.Bytes;
    }
}
