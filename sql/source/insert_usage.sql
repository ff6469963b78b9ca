-- The usage ledger: one row per account, day, feature and user. A row without a count is one event.
-- needs source/stage_code.sql
-- needs source/stage_usage.sql
insert into usage_ledger
select s.account, s.day, f.final, u.final, s.events
from (
    select account_id as account, "at" as day, feature, user_id,
        least(round(sum(coalesce(count, 1))), 2147483647)::integer as events
    from stage_usage
    group by account_id, "at", feature, user_id
    having events >= 1
) as s
left join stage_code as f on f.kind = 'feature' and f.code = s.feature
left join stage_code as u on u.kind = 'user' and u.code = s.user_id
order by s.account, s.day, f.final nulls first, u.final nulls first;
