-- As cohort/movement_reasons.sql, churn dated at the notice where the account gave any by that day.
--   $until  INTEGER  the last day
-- returns account INTEGER, day INTEGER, type VARCHAR, reason VARCHAR
select account, day, type, reason
from arr_notice
where day <= $until and (type is not null or reason is not null)
    and account in (select account from arr_notice_given where day <= $until)
union all
select account, day, type, reason
from arr_ledger
where day <= $until and (type is not null or reason is not null)
    and account not in (select account from arr_notice_given where day <= $until);
