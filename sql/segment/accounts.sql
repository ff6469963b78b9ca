-- All accounts with their attributes, in order of account number.
-- returns account INTEGER, account_id VARCHAR, name VARCHAR, started_on DATE, industry VARCHAR, region VARCHAR, country VARCHAR, plan VARCHAR, use_case VARCHAR, channel VARCHAR, csm_id VARCHAR, coverage VARCHAR, currency VARCHAR, parent VARCHAR, employees DOUBLE, seats DOUBLE, complexity DOUBLE, potential_arr DOUBLE, strategic BOOLEAN
select
    account,
    account_id,
    coalesce(nullif(name, ''), account_id) as name,
    started_on,
    industry,
    region,
    country,
    plan,
    use_case,
    channel,
    csm_id,
    coverage,
    currency,
    parent,
    employees,
    seats,
    complexity,
    potential_arr / 100.0::double as potential_arr,
    strategic
from account
order by account;
