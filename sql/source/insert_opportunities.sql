-- Opportunities. Without a stage they are open, without a kind expansions.
-- needs source/stage_opportunities.sql
insert into opportunity
select account_id, opened_at, due_on, amount::bigint, coalesce(kind, 1)::utinyint,
    coalesce(stage, 0)::utinyint, competitor
from stage_opportunities
order by all;
