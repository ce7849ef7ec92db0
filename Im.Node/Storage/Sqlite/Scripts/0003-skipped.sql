-- What a device went on without in its user's inbox: from_mseq to to_mseq are never acknowledged. At most 16 of a device and epoch, kept for as long as
-- a delivery of them can be asked for.
CREATE TABLE skipped (
    conv INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch TEXT NOT NULL,
    to_mseq INTEGER NOT NULL,
    from_mseq INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (conv, user_id, device, epoch, to_mseq)
) STRICT, WITHOUT ROWID;

CREATE INDEX skipped_expires ON skipped (expires);
