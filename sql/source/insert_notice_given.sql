-- Accounts that gave notice of a subscription before its end, and the first day from which their
-- ARR is another for it: the notice, or the start where that came later.
--   $end_shift  INTEGER  1 when `end` is the last day of service, 0 when it is the first without
-- needs source/stage_subscriptions.sql
insert into arr_notice_given
select account_id, min(greatest(start, cancelled_on))
from stage_subscriptions
where cancelled_on is not null
    and ("end" is null or cancelled_on < "end" + $end_shift::integer)
group by account_id
order by account_id;
