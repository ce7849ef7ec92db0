-- When a revocation was stored, in Unix milliseconds: one that lifts others says no time of its own. Of those before nobody knows; they count from now.
-- A node of the version before stores none while it is replaced, so there is a default.
ALTER TABLE revocation ADD COLUMN created bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000)::bigint;

CREATE INDEX revocation_before ON revocation (before_ms);
CREATE INDEX revocation_user ON revocation (app, user_id, number) WHERE user_id IS NOT NULL;
