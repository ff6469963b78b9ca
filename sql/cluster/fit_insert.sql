-- Saves a fit.
--   $fit           INTEGER
--   $as_of         DATE
--   $method        VARCHAR
--   $where         VARCHAR  as it was given; null: the whole population
--   $missing       VARCHAR
--   $seed          UBIGINT
--   $accounts      BIGINT
--   $model_digest  VARCHAR
--   $data_digest   VARCHAR
--   $version       VARCHAR  of the program
insert into cluster_fit (fit, as_of, method, where_text, missing, seed, accounts, model_digest, data_digest, version, created_at)
values ($fit, $as_of, $method, $where, $missing, $seed, $accounts, $model_digest, $data_digest, $version, now()::timestamp);
