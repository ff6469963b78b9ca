-- The large ledgers once more, packed, so that a sweep reads them at the speed of memory.
--
-- Derived from the ledger of the same name by ingest, in the same transaction. A store whose pages
-- do not have as many rows as the ledger is read from the ledger; the next ingest makes them anew.
-- The format of `data` is that of src/source/pack.h. Its bytes are packed already: looking for a
-- better compression would only cost time.

-- arr_ledger packed for the program. Empty, or of another number of rows: not used.
create table arr_page (
    account integer not null,        -- first of the run of 1024 accounts it is about
    page integer not null,           -- 0, 1, ... of the run
    n_rows bigint not null,          -- ledger rows of the run on its page 0; 0 on the others
    data blob not null using compression uncompressed
);

-- order_ledger packed for the program.
create table order_page (
    account integer not null,
    page integer not null,
    n_rows bigint not null,
    data blob not null using compression uncompressed
);

-- usage_ledger packed for the program.
create table usage_page (
    account integer not null,
    page integer not null,
    n_rows bigint not null,
    data blob not null using compression uncompressed
);
