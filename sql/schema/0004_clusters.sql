-- Fits that `strata cluster --save` kept, so that the next one can carry their names on.
--
-- Accounts are named by their id: numbers may change when accounts are added. A fit is written
-- whole or not at all and never changed.

create table cluster_fit (
    fit integer not null,            -- 1, 2, ... in the order in which they were saved
    as_of date not null,             -- uses nothing dated later
    method text not null,            -- 'k-means'
    where_text text,                 -- who was clustered; null: the model's whole population
    missing text not null,           -- 'median' or 'leave-out'
    seed ubigint not null,
    accounts bigint not null,
    model_digest text not null,
    data_digest text not null,
    version text not null,
    created_at timestamp not null    -- UTC
);

create table cluster_feature (
    fit integer not null,
    place integer not null,          -- 0, 1, ...
    expression text not null
);

create table cluster_group (
    fit integer not null,
    cluster integer not null,        -- 0, 1, ..., largest first
    name text not null,
    accounts bigint not null
);

create table cluster_centre (
    fit integer not null,
    cluster integer not null,
    place integer not null,          -- of the feature
    value double not null            -- in the feature's own unit
);

create table cluster_member (
    fit integer not null,
    account_id text not null,
    cluster integer not null
);
