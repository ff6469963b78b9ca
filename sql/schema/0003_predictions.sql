-- What was predicted on a day, from facts up to that day: written by strata predict --save, read like
-- a fact. One horizon per target at a time.

create table prediction (
    account_id text not null,        -- not the number: it outlives an ingest
    day integer not null,            -- on which it was said
    target utinyint not null,        -- prediction_kind: 0 churn, 1 expansion
    horizon_days integer not null,
    probability double not null      -- 0 .. 1
);

-- One row per day and target on which predictions were made.
create table prediction_run (
    target utinyint not null,
    day integer not null,
    horizon_days integer not null,
    horizon text not null,           -- '90 days', as it was asked for
    method text not null,            -- 'logistic', 'trees'
    digest text not null,            -- of the model with all its numbers
    data_digest text not null,       -- of the data it was made from
    version text not null,           -- of the program
    seed ubigint not null,
    n_accounts bigint not null,
    n_learned bigint not null,       -- rows (account and date) learned from
    auc double,                      -- out of time; null: not known
    created_at timestamp not null    -- UTC
);
