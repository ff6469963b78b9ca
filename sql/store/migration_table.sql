-- Which migrations (sql/schema) this store has seen.
create table schema_migration (
    version integer primary key,
    name text not null,
    checksum text not null,          -- BLAKE2b of the file
    program text not null,           -- version that applied it
    applied_at timestamp not null
);
