-- Managers that accounts name and that the source 'csms' does not have, the one named first of all first.
-- returns named VARCHAR, n BIGINT, place BIGINT
-- needs source/stage_accounts.sql
select csm_id as named, count(*) as n, min(place) as place
from stage_accounts
where csm_id <> '' and csm_id not in (select csm_id from csm)
group by csm_id
order by place;
