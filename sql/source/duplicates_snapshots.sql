-- Rows of an id that an earlier row has, in order of place.
-- returns place BIGINT
-- needs source/stage_snapshots.sql
select place
from stage_snapshots
qualify row_number() over (partition by account_id, date order by place) > 1
order by place;
