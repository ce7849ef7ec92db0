-- Text is compared byte by byte (BINARY, the default collation). Foreign keys are not declared: rows of a conversation go by retention, in its order.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The fence: every append compares and moves head and epoch here. head never goes down; first moves up with retention.
CREATE TABLE conversation (
    id INTEGER NOT NULL PRIMARY KEY,
    app INTEGER NOT NULL,
    conv TEXT NOT NULL,
    epoch TEXT NOT NULL,
    head INTEGER NOT NULL,
    first INTEGER NOT NULL DEFAULT 1,
    name TEXT,
    last_ts INTEGER NOT NULL,
    change INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX conversation_key ON conversation (app, conv);
CREATE INDEX conversation_change ON conversation (change);
CREATE INDEX conversation_last_ts ON conversation (last_ts);

-- Clustered by conversation and number: a page of history is one range, and retention frees whole pages.
CREATE TABLE message (
    conv INTEGER NOT NULL,
    mseq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    sender TEXT NOT NULL,
    author TEXT NOT NULL,
    cid TEXT,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    ext TEXT,
    ts INTEGER NOT NULL,
    changed_by INTEGER NOT NULL DEFAULT 0,
    recalled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conv, mseq)
) STRICT, WITHOUT ROWID;

-- Kept 48 h whatever happens to the message. The rowid grows with time, so the oldest are a prefix.
CREATE TABLE cid (
    id INTEGER NOT NULL PRIMARY KEY,
    conv INTEGER NOT NULL,
    sender TEXT NOT NULL,
    cid TEXT NOT NULL,
    epoch TEXT NOT NULL,
    mseq INTEGER NOT NULL,
    mid TEXT NOT NULL,
    ts INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX cid_key ON cid (conv, sender, cid);

-- One row per stay; who comes back has a second one. to_mseq is null while it lasts.
CREATE TABLE member (
    conv INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    from_mseq INTEGER NOT NULL,
    to_mseq INTEGER,
    role INTEGER NOT NULL,
    app INTEGER NOT NULL,
    PRIMARY KEY (conv, user_id, from_mseq)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_present ON member (app, user_id, conv) WHERE to_mseq IS NULL;

-- How far each device has a conversation, in the epoch that it was told.
CREATE TABLE cursor (
    conv INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch TEXT NOT NULL,
    mseq INTEGER NOT NULL,
    PRIMARY KEY (conv, user_id, device)
) STRICT, WITHOUT ROWID;

-- How far each user has read.
CREATE TABLE read_mark (
    conv INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    mseq INTEGER NOT NULL,
    PRIMARY KEY (conv, user_id)
) STRICT, WITHOUT ROWID;

-- Pushes to one user, kept 24 h.
CREATE TABLE delivery (
    id INTEGER NOT NULL PRIMARY KEY,
    app INTEGER NOT NULL,
    mid TEXT NOT NULL,
    user_id TEXT NOT NULL,
    conv INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    mseq INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX delivery_key ON delivery (app, mid);

CREATE TABLE last_seen (
    app INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    ts INTEGER NOT NULL,
    PRIMARY KEY (app, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE revocation (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    app INTEGER NOT NULL,
    user_id TEXT,
    token TEXT,
    before_ms INTEGER NOT NULL
) STRICT;
