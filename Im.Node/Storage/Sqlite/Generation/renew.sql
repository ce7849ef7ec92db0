-- A new generation: numbers told before are of another history. What was read stays read, since the records up to there are the same.
-- Changes are numbered on from above the highest, so that other readers of changed heads see every conversation once more.

UPDATE read_mark SET epoch = @generation WHERE epoch = (SELECT c.epoch FROM conversation c WHERE c.id = read_mark.conv);

UPDATE conversation SET epoch = @generation, change = change + (SELECT max(m.change) FROM conversation m);

INSERT INTO meta (name, value) SELECT 'formerGenerations', value FROM meta WHERE name = 'generation'
ON CONFLICT (name) DO UPDATE SET value = meta.value || ' ' || excluded.value;

INSERT INTO meta (name, value) VALUES ('generation', @generation) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
