using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Im.Node.Storage.Retention;
using static Im.Actors.Conversations.Store.AppendOutcome;

namespace Im.Node.Storage.Sqlite;

/// <summary>The statements of one part, inside the writer's transaction. The fence comes first: a part that it stops has written nothing.</summary>
internal sealed class SqliteAppender(SqliteDb db)
{
    private const string FindRow = "SELECT id FROM conversation WHERE app = ?1 AND conv = ?2";

    private const string CreateRow = "INSERT INTO conversation (app, conv, epoch, head, name, last_ts, change) VALUES (?1, ?2, ?3, 0, ?4, 0, 0)";

    private const string MoveHead =
        "UPDATE conversation SET head = head + ?1, last_ts = max(last_ts, ?2), change = ?3 WHERE app = ?4 AND conv = ?5 AND head = ?6 AND epoch = ?7 RETURNING id";

    private const string InsertMessage =
        "INSERT INTO message (conv, mseq, mid, sender, author, cid, type, body, ext, ts, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

    private const string InsertCid = "INSERT INTO cid (conv, sender, cid, epoch, mseq, mid, ts, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    private const string Edit = "UPDATE message SET body = ?3, changed_by = ?4 WHERE conv = ?1 AND mseq = ?2";

    private const string Recall = "UPDATE message SET body = '', ext = NULL, recalled = 1, changed_by = ?3 WHERE conv = ?1 AND mseq = ?2";

    private const string InsertDelivery = "INSERT INTO delivery (app, mid, user_id, conv, epoch, mseq, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    private const string ChangeRole = "UPDATE member SET role = ?3 WHERE conv = ?1 AND user_id = ?2 AND to_mseq IS NULL";

    private const string BeginStay =
        """
        INSERT INTO member (conv, user_id, from_mseq, role, app) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (conv, user_id, from_mseq) DO UPDATE SET to_mseq = NULL, role = excluded.role
        """;

    private const string EndStay = "UPDATE member SET to_mseq = ?3 WHERE conv = ?1 AND user_id = ?2 AND to_mseq IS NULL";

    /// <returns>Committed (once the transaction is) or Fenced.</returns>
    /// <exception cref="RecordRefusedException">A record was refused for its data; the transaction holds what came before it.</exception>
    public AppendOutcome Apply(AppendPart part, long change)
    {
        if (part.Creates && !Create(part)) return Fenced;
        if (MoveTheHead(part, change) is not { } conversation) return Fenced;
        for (var i = 0; i < part.Records.Count; i++) Insert(conversation, part, i);
        foreach (var member in part.Members) Apply(conversation, part, member);
        return Committed;
    }

    /// <summary>False when the row exists after all.</summary>
    private bool Create(AppendPart part)
    {
        var find = db.Statement(FindRow).Bind(1, part.Conversation.App.Value).Bind(2, part.Conversation.Conversation.Value);
        var exists = find.Step();
        find.Reset();
        if (exists || part.ExpectedHead != 0) return false;
        db.Statement(CreateRow).Bind(1, part.Conversation.App.Value).Bind(2, part.Conversation.Conversation.Value).Bind(3, part.Epoch).Bind(4, part.Name).Run();
        return true;
    }

    /// <returns>The row's id, or null when it has another head or epoch or is not there.</returns>
    private long? MoveTheHead(AppendPart part, long change)
    {
        var move = db.Statement(MoveHead).Bind(1, part.Records.Count).Bind(2, part.Records is [.., var last] ? last.Record.TimestampMs : 0).Bind(3, change)
            .Bind(4, part.Conversation.App.Value).Bind(5, part.Conversation.Conversation.Value).Bind(6, part.ExpectedHead).Bind(7, part.Epoch);
        if (!move.Step()) return null;
        var id = move.Long(0);
        while (move.Step())
        {
        }

        return id;
    }

    private void Insert(long conversation, AppendPart part, int index)
    {
        var append = part.Records[index];
        var record = append.Record;
        Run(index, Fenced, db.Statement(InsertMessage).Bind(1, conversation).Bind(2, record.Mseq).Bind(3, record.MessageId).Bind(4, record.Sender).Bind(5, record.From)
            .Bind(6, record.Cid).Bind(7, record.Type).Bind(8, record.Text).Bind(9, record.Ext).Bind(10, record.TimestampMs).Bind(11, record.ExpiresMs));
        if (append.PayloadHash is { } hash && record.Cid is not null)
        {
            Run(index, Rejected, db.Statement(InsertCid).Bind(1, conversation).Bind(2, record.Sender).Bind(3, record.Cid).Bind(4, part.Epoch).Bind(5, record.Mseq)
                .Bind(6, record.MessageId).Bind(7, record.TimestampMs).Bind(8, hash.Span));
        }

        if (append.Amends is { } amendment) Run(index, Rejected, Amend(conversation, amendment, record.Mseq));
        if (append.DeliveryUser is { } user)
        {
            Run(index, Rejected, db.Statement(InsertDelivery).Bind(1, part.Conversation.App.Value).Bind(2, record.MessageId).Bind(3, user).Bind(4, conversation).Bind(5, part.Epoch)
                .Bind(6, record.Mseq).Bind(7, record.TimestampMs + (long)RetentionPolicy.DeliveryAge.TotalMilliseconds));
        }
    }

    private SqliteStatement Amend(long conversation, Amendment amendment, long by) => amendment.Text is { } text
        ? db.Statement(Edit).Bind(1, conversation).Bind(2, amendment.Mseq).Bind(3, text).Bind(4, by)
        : db.Statement(Recall).Bind(1, conversation).Bind(2, amendment.Mseq).Bind(3, by);

    private void Apply(long conversation, AppendPart part, MemberChange change)
    {
        if (change.Role is not { } role)
        {
            db.Statement(EndStay).Bind(1, conversation).Bind(2, change.User).Bind(3, change.AtMseq).Run();
        }
        else if (db.Statement(ChangeRole).Bind(1, conversation).Bind(2, change.User).Bind(3, (long)role).Run() == 0)
        {
            db.Statement(BeginStay).Bind(1, conversation).Bind(2, change.User).Bind(3, change.ReadsFrom ?? change.AtMseq).Bind(4, (long)role)
                .Bind(5, part.Conversation.App.Value).Run();
        }
    }

    private static void Run(int index, AppendOutcome whenRefused, SqliteStatement statement)
    {
        try
        {
            statement.Run();
        }
        catch (SqliteFailure failure) when (failure.IsData)
        {
            throw new RecordRefusedException(index, whenRefused, failure);
        }
    }
}
