-- What there is of each input, in the order of INPUTS in src/source/readiness.c: rows, or values.
-- returns accounts BIGINT, arr BIGINT, orders BIGINT, usage BIGINT, feature BIGINT, usr BIGINT,
--   tickets BIGINT, csat BIGINT, surveys BIGINT, contacts BIGINT, role BIGINT, touchpoints BIGINT,
--   responded BIGINT, opportunities BIGINT, health BIGINT, csms BIGINT,
--   started_on BIGINT, industry BIGINT, employees BIGINT, region BIGINT, country BIGINT, plan BIGINT,
--   use_case BIGINT, channel BIGINT, seats BIGINT, potential_arr BIGINT, history BIGINT
select count(*) as accounts,
    (select count(*) from arr_ledger) as arr,
    (select count(*) from order_ledger) as orders,
    (select count(*) from usage_ledger) as usage,
    (select count(*) from usage_feature) as feature,
    (select count(*) from usage_user) as usr,
    (select count(*) from ticket) as tickets,
    (select count(csat) from ticket) as csat,
    (select count(score) from survey) as surveys,
    (select count(*) from contact) as contacts,
    (select count(*) from contact where role <> 0) as role,
    (select count(*) from touchpoint) as touchpoints,
    (select count(responded) from touchpoint) as responded,
    (select count(*) from opportunity) as opportunities,
    (select count(*) from health_history) as health,
    (select count(*) from csm) as csms,
    count(started_on) as started_on,
    count(industry) as industry,
    count(employees) as employees,
    count(region) as region,
    count(country) as country,
    count(plan) as plan,
    count(use_case) as use_case,
    count(channel) as channel,
    count(seats) as seats,
    count(potential_arr) as potential_arr,
    (
        select count(*)
        from (
            select max(day) - min(day) as days from arr_ledger
            union all
            select max(day) - min(day) from order_ledger
            union all
            select max(day) - min(day) from usage_ledger
        ) as spans
        where days >= 365
    ) as history
from account;
