-- What other systems were told: which segment each account was in when `strata crm` last wrote its files.
--
-- Accounts are named by their id: numbers may change when accounts are added. An export is recorded
-- whole or not at all, after its files are written.

create table crm_export (
    number integer not null,         -- 1, 2, ... of all systems
    system text not null,            -- 'salesforce', 'hubspot'
    as_of date not null,             -- uses nothing dated later
    accounts bigint not null,
    moves bigint not null,           -- rows of its file of moves
    model_digest text not null,
    data_digest text not null,
    version text not null,
    created_at timestamp not null    -- UTC
);

create table crm_membership (
    system text not null,
    account_id text not null,
    dimension text not null,
    segment text not null            -- its key
);
