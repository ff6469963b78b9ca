-- Recorded reviews, oldest first.
-- returns run_id INTEGER, as_of DATE, model_name VARCHAR, model_digest VARCHAR, data_digest VARCHAR, version VARCHAR, seed UBIGINT, created_at TIMESTAMP, n_accounts BIGINT, arr BIGINT
select run_id, as_of, model_name, model_digest, data_digest, version, seed, created_at, n_accounts, arr
from run
order by as_of, run_id;
