-- Rows of accounts as read: file and line in `place`, columns as in src/source/fields.c.
create or replace temp table stage_accounts (
    place bigint,
    account_id text,
    name text,
    started_on integer,
    parent_id text,
    industry text,
    employees double,
    region text,
    country text,
    plan text,
    use_case text,
    channel text,
    csm_id text,
    coverage text,
    seats double,
    currency text,
    potential_arr double,
    complexity double,
    strategic double
);
