-- ARR of the accounts that gave notice of a subscription before it ended, churn dated at the notice.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, arr_after BIGINT, kind UTINYINT
select account, day, arr_after, kind
from arr_notice
where day <= $until
    and account in (select account from arr_notice_given where day <= $until)
order by account, day;
