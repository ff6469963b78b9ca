-- Rows of usage that have ids of their own.
-- returns place BIGINT, account_id INTEGER, at INTEGER, feature INTEGER, user_id INTEGER, count DOUBLE
-- needs source/stage_usage.sql
select place, account_id, "at", coalesce(feature, -2147483648)::integer as feature,
    coalesce(user_id, -2147483648)::integer as user_id, coalesce(count, 1) as count
from stage_usage;
