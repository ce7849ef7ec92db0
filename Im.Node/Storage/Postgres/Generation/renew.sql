-- A new generation: numbers told before are of another history. What was read stays read, since the records up to there are the same.
-- When two ask for it at the same time, one renews and the other finds that it is done.

WITH moved AS (
    UPDATE meta SET value = @generation WHERE name = 'generation' AND value = @from RETURNING 1
), former AS (
    INSERT INTO meta (name, value) SELECT 'formerGenerations', @from FROM moved
    ON CONFLICT (name) DO UPDATE SET value = meta.value || ' ' || excluded.value
), marks AS (
    UPDATE read_mark r SET epoch = @generation FROM conversation c WHERE c.id = r.conv AND c.epoch = r.epoch AND EXISTS (SELECT FROM moved)
)
UPDATE conversation SET epoch = @generation, change = nextval('conversation_change') WHERE EXISTS (SELECT FROM moved)
