namespace Im.Node.Storage.Postgres;

internal static class PostgresAppendSql
{
    /// <summary>
    /// A group in one statement: rows are locked in the order of their keys, the fence lets through the parts whose head and epoch
    /// are the row's, and only their records are inserted. Answers the parts that went through, with the row's id.
    /// </summary>
    public const string Group =
        $"""
        WITH {Parts}, made AS (
            INSERT INTO conversation (app, conv, epoch, head, name, last_ts, change)
            SELECT p.app, p.conv, p.epoch, p.n, p.name, p.ts, nextval('conversation_change') FROM part p
            WHERE p.creates AND p.head = 0 AND NOT EXISTS (SELECT FROM conversation c WHERE c.app = p.app AND c.conv = p.conv)
            ORDER BY p.app, p.conv COLLATE "C"
            RETURNING id, app, conv
        ), {Fence}, passed AS (
            SELECT id, epoch, app, part FROM moved
            UNION ALL
            SELECT m.id, p.epoch, p.app, p.part FROM made m JOIN part p ON p.app = m.app AND p.conv = m.conv AND p.creates
        ), record AS (
            {Records} JOIN passed d ON d.part = r.part
        ), {Inserts}, deliveries AS (
            INSERT INTO delivery (app, mid, user_id, conv, epoch, mseq, expires)
            SELECT app, mid, delivery, id, epoch, mseq, ts + 86400000 FROM record WHERE delivery IS NOT NULL
        )
        SELECT part, id FROM passed
        """;

    /// <summary>The same for a group in which nothing is created and nothing is a push to one user, as most are: a plan of two thirds the steps.</summary>
    public const string PlainGroup =
        $"""
        WITH {Parts}, {Fence}, record AS (
            {Records} JOIN moved d ON d.part = r.part
        ), {Inserts}
        SELECT part, id FROM moved
        """;

    public const string Edit = "UPDATE message SET body = $3, changed_by = $4 WHERE conv = $1 AND mseq = $2";

    public const string Recall = "UPDATE message SET body = '', ext = NULL, recalled = true, changed_by = $3 WHERE conv = $1 AND mseq = $2";

    public const string EndStay = "UPDATE member SET to_mseq = $3 WHERE conv = $1 AND user_id = $2 AND to_mseq IS NULL";

    /// <summary>Changes the role of who is present; else begins a stay, or takes up the one that began at the same record.</summary>
    public const string Stay =
        """
        WITH present AS (
            UPDATE member SET role = $4 WHERE conv = $1 AND user_id = $2 AND to_mseq IS NULL RETURNING 1
        )
        INSERT INTO member (conv, user_id, from_mseq, role, app)
        SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM present)
        ON CONFLICT (conv, user_id, from_mseq) DO UPDATE SET to_mseq = NULL, role = excluded.role
        """;

    private const string Parts =
        """
        part AS (
            SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[], $8::text[], $9::bigint[])
                AS p (part, app, conv, epoch, head, n, creates, name, ts)
        )
        """;

    private const string Fence =
        """
        locked AS MATERIALIZED (
            SELECT c.id, c.head, c.epoch, p.part, p.n, p.ts FROM part p
            JOIN conversation c ON c.app = p.app AND c.conv = p.conv AND c.head = p.head AND c.epoch = p.epoch
            WHERE NOT p.creates
            ORDER BY c.app, c.conv
            FOR UPDATE OF c
        ), moved AS (
            UPDATE conversation c SET head = c.head + l.n, last_ts = greatest(c.last_ts, l.ts), change = nextval('conversation_change') FROM locked l
            WHERE c.id = l.id AND c.head = l.head AND c.epoch = l.epoch
            RETURNING c.id, c.epoch, c.app, l.part
        )
        """;

    private const string Records =
        """
        SELECT d.id, d.epoch, d.app, r.* FROM unnest($10::int[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
            $19::bigint[], $20::bytea[], $21::text[], $22::bigint[]) AS r (part, mseq, mid, sender, author, cid, type, body, ext, ts, hash, delivery, expires)
        """;

    private const string Inserts =
        """
        messages AS (
            INSERT INTO message (conv, mseq, mid, sender, author, cid, type, body, ext, ts, expires)
            SELECT id, mseq, mid, sender, author, cid, type, body, ext, ts, expires FROM record
        ), cids AS (
            INSERT INTO cid (conv, sender, cid, epoch, mseq, mid, ts, hash)
            SELECT id, sender, cid, epoch, mseq, mid, ts, hash FROM record WHERE hash IS NOT NULL
        )
        """;
}
