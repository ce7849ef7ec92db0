-- Text is compared byte by byte (COLLATE "C"), whatever the locale of the database. Foreign keys are not declared: rows of a
-- conversation go by retention, in its order.

CREATE TABLE meta (
    name text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);

-- One number for every change of a head, of all nodes. Commits become visible out of its order.
CREATE SEQUENCE conversation_change CACHE 1;

-- The fence: every append compares and moves head and epoch here. head never goes down; first moves up with retention.
CREATE TABLE conversation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app bigint NOT NULL,
    conv text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    head bigint NOT NULL,
    first bigint NOT NULL DEFAULT 1,
    name text,
    last_ts bigint NOT NULL,
    change bigint NOT NULL,
    CONSTRAINT conversation_key UNIQUE (app, conv)
) WITH (fillfactor = 80);

CREATE INDEX conversation_change_index ON conversation (change);
CREATE INDEX conversation_last_ts ON conversation (last_ts);

CREATE TABLE message (
    conv bigint NOT NULL,
    mseq bigint NOT NULL,
    mid text NOT NULL,
    sender text COLLATE "C" NOT NULL,
    author text COLLATE "C" NOT NULL,
    cid text,
    type text COLLATE "C" NOT NULL,
    body text NOT NULL,
    ext text,
    ts bigint NOT NULL,
    changed_by bigint NOT NULL DEFAULT 0,
    recalled boolean NOT NULL DEFAULT false,
    CONSTRAINT message_key PRIMARY KEY (conv, mseq)
);

-- Kept 48 h whatever happens to the message.
CREATE TABLE cid (
    conv bigint NOT NULL,
    sender text COLLATE "C" NOT NULL,
    cid text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    mseq bigint NOT NULL,
    mid text NOT NULL,
    ts bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT cid_key PRIMARY KEY (conv, sender, cid)
);

CREATE INDEX cid_ts ON cid USING brin (ts);

-- One row per stay; who comes back has a second one. to_mseq is null while it lasts.
CREATE TABLE member (
    conv bigint NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    from_mseq bigint NOT NULL,
    to_mseq bigint,
    role smallint NOT NULL,
    app bigint NOT NULL,
    CONSTRAINT member_key PRIMARY KEY (conv, user_id, from_mseq)
);

CREATE INDEX member_present ON member (app, user_id, conv) WHERE to_mseq IS NULL;

-- How far each device has a conversation, in the epoch that it was told.
CREATE TABLE cursor (
    conv bigint NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    mseq bigint NOT NULL,
    CONSTRAINT cursor_key PRIMARY KEY (conv, user_id, device)
) WITH (fillfactor = 80);

-- How far each user has read.
CREATE TABLE read_mark (
    conv bigint NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    mseq bigint NOT NULL,
    CONSTRAINT read_mark_key PRIMARY KEY (conv, user_id)
) WITH (fillfactor = 80);

-- Pushes to one user, kept 24 h.
CREATE TABLE delivery (
    app bigint NOT NULL,
    mid text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    conv bigint NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    mseq bigint NOT NULL,
    expires bigint NOT NULL,
    CONSTRAINT delivery_key PRIMARY KEY (app, mid)
);

CREATE INDEX delivery_expires ON delivery USING brin (expires);

CREATE TABLE last_seen (
    app bigint NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    ts bigint NOT NULL,
    CONSTRAINT last_seen_key PRIMARY KEY (app, user_id)
) WITH (fillfactor = 80);

CREATE TABLE revocation (
    number bigint PRIMARY KEY,
    app bigint NOT NULL,
    user_id text COLLATE "C",
    token text COLLATE "C",
    before_ms bigint NOT NULL
);
