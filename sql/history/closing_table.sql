-- Room for the memberships that a review ends.
create or replace temporary table closing (
    dimension text not null,
    account_id text not null
);
