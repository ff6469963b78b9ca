-- Accounts that by a day had given notice of a subscription before it ended.
--   $until  INTEGER  the last day
-- returns account INTEGER
select account
from arr_notice_given
where day <= $until
order by account;
