-- Unix milliseconds from which on a record is read as a tombstone; 0 for never.
ALTER TABLE message ADD COLUMN expires bigint NOT NULL DEFAULT 0;
