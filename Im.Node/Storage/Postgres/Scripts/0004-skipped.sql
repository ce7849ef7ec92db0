-- What a device went on without in its user's inbox: from_mseq to to_mseq are never acknowledged. At most 16 of a device and epoch, kept for as long as
-- a delivery of them can be asked for.
CREATE TABLE skipped (
    conv bigint NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    to_mseq bigint NOT NULL,
    from_mseq bigint NOT NULL,
    expires bigint NOT NULL,
    CONSTRAINT skipped_key PRIMARY KEY (conv, user_id, device, epoch, to_mseq)
);

CREATE INDEX skipped_expires ON skipped USING brin (expires);
