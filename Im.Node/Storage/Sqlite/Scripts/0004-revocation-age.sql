-- When a revocation was stored, in Unix milliseconds: one that lifts others says no time of its own. Of those before nobody knows; they count from now.
ALTER TABLE revocation ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
UPDATE revocation SET created = CAST(strftime('%s', 'now') AS INTEGER) * 1000;

CREATE INDEX revocation_before ON revocation (before_ms);
CREATE INDEX revocation_user ON revocation (app, user_id, number) WHERE user_id IS NOT NULL;
