-- Records a review.
--   $run_id        INTEGER
--   $as_of         DATE
--   $model_digest  VARCHAR
--   $data_digest   VARCHAR
--   $version       VARCHAR  of the program
--   $seed          UBIGINT
--   $n_accounts    BIGINT
--   $arr           BIGINT   minor units; null without ARR data
--   $model_name    VARCHAR
--   $model_text    VARCHAR  the model file as it was
insert into run (run_id, as_of, model_digest, data_digest, version, seed, created_at, n_accounts, arr, model_name, model_text)
values ($run_id, $as_of, $model_digest, $data_digest, $version, $seed, now()::timestamp, $n_accounts, $arr, $model_name, $model_text);
