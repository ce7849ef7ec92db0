using Im.Actors.Conversations.Store;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>The parts and records of a statement, column by column as arrays. Filled again for each group.</summary>
internal sealed class GroupColumns
{
    private readonly List<int> _parts = [];
    private readonly List<long> _apps = [];
    private readonly List<string> _conversations = [];
    private readonly List<string> _epochs = [];
    private readonly List<long> _heads = [];
    private readonly List<long> _counts = [];
    private readonly List<bool> _creates = [];
    private readonly List<string?> _names = [];
    private readonly List<long> _lastTimestamps = [];

    private readonly List<int> _recordParts = [];
    private readonly List<long> _numbers = [];
    private readonly List<string> _messageIds = [];
    private readonly List<string> _senders = [];
    private readonly List<string> _authors = [];
    private readonly List<string?> _cids = [];
    private readonly List<string> _types = [];
    private readonly List<string> _bodies = [];
    private readonly List<string?> _exts = [];
    private readonly List<long> _timestamps = [];
    private readonly List<byte[]?> _hashes = [];
    private readonly List<string?> _deliveryUsers = [];
    private readonly List<long> _expiries = [];

    /// <summary>For <see cref="PostgresAppendSql.PlainGroup"/>.</summary>
    public bool IsPlain { get; private set; } = true;

    public void Clear()
    {
        _parts.Clear();
        _apps.Clear();
        _conversations.Clear();
        _epochs.Clear();
        _heads.Clear();
        _counts.Clear();
        _creates.Clear();
        _names.Clear();
        _lastTimestamps.Clear();
        _recordParts.Clear();
        _numbers.Clear();
        _messageIds.Clear();
        _senders.Clear();
        _authors.Clear();
        _cids.Clear();
        _types.Clear();
        _bodies.Clear();
        _exts.Clear();
        _timestamps.Clear();
        _hashes.Clear();
        _deliveryUsers.Clear();
        _expiries.Clear();
        IsPlain = true;
    }

    /// <param name="index">Of the part in its group; comes back in the answer.</param>
    /// <param name="recordsCount">Fewer than all when a bad record is looked for.</param>
    public void Add(int index, AppendPart part, int recordsCount)
    {
        _parts.Add(index);
        _apps.Add(part.Conversation.App.Value);
        _conversations.Add(part.Conversation.Conversation.Value);
        _epochs.Add(part.Epoch);
        _heads.Add(part.ExpectedHead);
        _counts.Add(part.Records.Count);
        _creates.Add(part.Creates);
        IsPlain &= !part.Creates;
        _names.Add(part.Name);
        _lastTimestamps.Add(part.Records is [.., var last] ? last.Record.TimestampMs : 0);
        for (var i = 0; i < recordsCount; i++) Add(index, part.Records[i]);
    }

    /// <summary>In the order of <see cref="PostgresAppendSql.Group"/>'s parameters. They hold the columns themselves: what is added later is theirs too.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(_parts);
        Add(_apps);
        Add(_conversations);
        Add(_epochs);
        Add(_heads);
        Add(_counts);
        Add(_creates);
        Add(_names);
        Add(_lastTimestamps);
        Add(_recordParts);
        Add(_numbers);
        Add(_messageIds);
        Add(_senders);
        Add(_authors);
        Add(_cids);
        Add(_types);
        Add(_bodies);
        Add(_exts);
        Add(_timestamps);
        Add(_hashes);
        Add(_deliveryUsers);
        Add(_expiries);

        void Add<T>(List<T> column) => parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column });
    }

    private void Add(int index, AppendRecord append)
    {
        var record = append.Record;
        _recordParts.Add(index);
        _numbers.Add(record.Mseq);
        _messageIds.Add(record.MessageId);
        _senders.Add(record.Sender);
        _authors.Add(record.From);
        _cids.Add(record.Cid);
        _types.Add(record.Type);
        _bodies.Add(record.Text);
        _exts.Add(record.Ext);
        _timestamps.Add(record.TimestampMs);
        _hashes.Add(record.Cid is null ? null : append.PayloadHash?.ToArray());
        _deliveryUsers.Add(append.DeliveryUser);
        _expiries.Add(record.ExpiresMs);
        IsPlain &= append.DeliveryUser is null;
    }
}
