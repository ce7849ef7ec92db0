-- Members of the cluster that are about, by the address that the others know them by. Keeps a node that starts alone from
-- founding a second cluster while the first one serves.
CREATE TABLE node (
    address text PRIMARY KEY,
    seen timestamptz NOT NULL
);
