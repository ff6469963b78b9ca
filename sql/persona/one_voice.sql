-- Accounts that gave two or more answers to surveys in a time, and whether all came from one
-- contact; accounts with an answer of which the contact is not recorded are left out.
--   $from   INTEGER  the first day
--   $until  INTEGER  the last day
-- returns account INTEGER, answers BIGINT, one BOOLEAN
select account, count(*) as answers, count(distinct contact_id) = 1 as one
from survey
where day between $from and $until
group by account
having count(*) >= 2 and count(contact_id) = count(*)
order by account;
