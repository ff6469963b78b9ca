-- Ends the memberships listed in `closing`.
-- needs history/closing_table.sql
--   $day  DATE  first day they no longer hold
update membership
set valid_to = $day
from closing
where membership.valid_to is null
    and membership.dimension = closing.dimension
    and membership.account_id = closing.account_id;
