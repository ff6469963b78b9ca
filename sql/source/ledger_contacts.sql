-- Ledger rows of a run of accounts, in the order they are stored in. Departments are numbered within the account, from 1; they
-- are one when they differ in case and blanks alone. 0: none is named.
--   $first  INTEGER  account
--   $last   INTEGER  account
-- returns account INTEGER, day INTEGER, active_until INTEGER, role UTINYINT, department INTEGER
select account, day, active_until, role,
    case
        when coalesce(trim(department), '') = '' then 0
        else dense_rank() over (partition by account order by lower(trim(department)) nulls last)
    end::integer as department
from contact
where account between $first and $last
order by account, day nulls first;
