-- The store: facts as they were loaded, and what runs made of them.
--
-- Facts are written by ingest alone, whole or not at all, and never changed by an analysis.
-- Derived tables (run, run_segment, membership) are written by runs.
--
-- Everywhere: `account` is the dense number 0 .. n-1 in order of account id, and may change when
-- accounts are added, so what must outlive an ingest (membership) names the account id instead.
-- `day` and other INTEGER dates are days since 1970-01-01 in the portfolio's time zone. Money is
-- BIGINT minor units of the reporting currency (meta 'currency'). NULL is missing; never 0, never ''.
-- Codes (UTINYINT) are the values of the enums in src/panel/ledger.h, which must not be renumbered.

-- currency, timezone, data_digest and other facts about the whole store.
create table meta (
    key text primary key,
    value text
);

------------------------------------------------------------------------------ where facts came from
create table source_file (
    file_no integer not null,
    entity text not null,            -- 'usage'
    path text not null,              -- as the model names it, after expanding patterns
    size bigint,                     -- bytes
    modified timestamp,              -- UTC
    digest text,                     -- of the content
    rows_read bigint,
    rows_loaded bigint,
    rows_rejected bigint,
    first_day date,                  -- of the rows loaded
    last_day date,
    loaded_at timestamp              -- UTC
);

-- One refused row each (ingest keeps the first of many; source_file.rows_rejected counts all).
create table reject (
    file_no integer not null,
    line bigint,                     -- 1 is the first line of the file
    col integer,                     -- 1 is the first column
    column_name text,
    value text,
    reason text not null,
    entity text not null
);

-- What is odd about rows that were loaded all the same.
create table data_issue (
    entity text not null,
    kind text not null,              -- 'future_rows'
    n bigint not null,
    example text
);

--------------------------------------------------------------------------------------------- facts
create table account (
    account integer not null,
    account_id text not null,
    name text,
    started_on date,
    parent text,                     -- account id of the parent, as given
    industry text,
    employees double,
    region text,
    country text,
    plan text,
    use_case text,
    channel text,                    -- of acquisition
    csm_id text,
    coverage text,                   -- current touch level
    seats double,
    currency text,                   -- original; null: the reporting currency
    potential_arr bigint,
    complexity double,
    strategic boolean
);

-- Columns of the accounts source that the project names itself.
create table account_attribute (
    account integer not null,
    name text not null,
    type text not null,              -- 'number', 'text', 'boolean', 'date'
    number double,                   -- number; boolean as 0 or 1; date as days since 1970-01-01
    text text
);

-- Ledgers, each stored in order of account, then day.

-- Net movement of an account's ARR on a day; there is no row on days without one.
create table arr_ledger (
    account integer not null,
    day integer not null,
    arr_after bigint not null,
    kind utinyint not null,          -- arr_kind: 0 new, 1 expansion, 2 contraction, 3 churn, 4 reactivation
    delta bigint not null,
    type text,                       -- 'seats', 'tier', 'cross-sell', 'price'
    reason text
);

create table usage_ledger (
    account integer not null,
    day integer not null,
    feature integer,                 -- usage_feature.feature
    usr integer,                     -- usage_user.usr; null: not recorded
    events integer not null
);

create table usage_feature (
    feature integer not null,        -- dense, in order of name
    name text not null,
    first_seen integer               -- first day any account used it
);

create table usage_user (
    usr integer not null,            -- dense, in order of user id
    user_id text not null
);

create table order_ledger (
    account integer not null,
    day integer not null,
    amount bigint not null,          -- of the day's orders together; returns are negative
    orders integer not null,
    quantity double
);

create table ticket (
    account integer not null,
    day integer not null,            -- opened
    closed integer,                  -- null: open
    severity utinyint not null,      -- 0 low, 1 normal, 2 high, 3 urgent
    csat double,
    ticket_id text,
    theme text,
    text text
);

create table survey (
    account integer not null,
    day integer not null,
    kind utinyint not null,          -- 0 nps, 1 csat, 2 pmf
    score double,
    contact_id text,
    text text
);

create table contact (
    account integer not null,
    day integer,                     -- known from; null: the source does not say
    active_until integer,            -- null: still active
    role utinyint not null,          -- 0 user, 1 economic, 2 technical, 3 champion
    contact_id text,
    title text,
    email text
);

create table touchpoint (
    account integer not null,
    day integer not null,
    minutes double,
    responded boolean,
    csm_id text,
    channel text
);

create table opportunity (
    account integer not null,
    day integer not null,            -- opened
    due integer,
    amount bigint,
    kind utinyint not null,          -- 0 renewal, 1 expansion
    stage utinyint not null,         -- 0 open, 1 won, 2 lost
    competitor text
);

create table csm (
    csm_id text not null,
    name text,
    capacity_hours double,           -- per month
    skills text,
    regions text,
    cost_per_hour bigint
);

create table health_history (
    account integer not null,
    day integer not null,
    score double not null            -- 0 .. 100
);

create table intervention (
    account integer not null,
    day integer not null,
    minutes double,
    playbook text,
    kind text,
    outcome text
);

------------------------------------------------------------------------------------------- derived
-- Stored whole or not at all, together with its run_segment and membership rows.
create table run (
    run_id integer primary key,      -- 1, 2, ...
    as_of date not null,
    model_digest text not null,
    data_digest text not null,
    version text not null,           -- of the program
    seed ubigint not null,
    created_at timestamp not null,   -- UTC
    n_accounts bigint not null,
    arr bigint,                      -- of all accounts at as_of; null: no ARR data
    model_name text,
    model_text text                  -- the model file, after extending and overriding
);

create table run_segment (
    run_id integer not null,
    dimension text not null,         -- 'segment' for the named segments, else the dimension's name
    segment text not null,
    accounts bigint not null,
    arr bigint
);

-- Who was in which segment when. Spans of one account and dimension do not overlap.
create table membership (
    dimension text not null,
    account_id text not null,
    segment text not null,
    valid_from date not null,
    valid_to date,                   -- first day it no longer holds; null: it still does
    run_id integer not null,         -- the run that opened the span
    cause text not null,             -- 'first', 'new', 'left', 'returned', 'rule', 'waited', 'pinned', 'unpinned', 'definition'
    clause text,                     -- the clause that turned: 'arr >= 25k'
    value_before text,               -- what it saw at the review before: 'arr is $24,100'
    value_after text
);
