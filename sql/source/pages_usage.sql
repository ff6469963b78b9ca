-- Pages of a run of accounts, in the order they are stored in.
--   $first  INTEGER  account, the first of a run
--   $last   INTEGER  account
-- returns account INTEGER, page INTEGER, n_rows BIGINT, data BLOB
select account, page, n_rows, data
from usage_page
where account between $first and $last;
