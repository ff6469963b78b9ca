-- The dictionary of usage features, with the first day any account used each.
-- needs source/stage_code.sql
insert into usage_feature
select c.final, c.name, m.first_seen
from stage_code as c
left join (
    select feature, min(day) as first_seen from usage_ledger group by feature
) as m on m.feature = c.final
where c.kind = 'feature'
order by c.final;
