-- Records that predictions were made on a day.
--   $target        UTINYINT
--   $day           INTEGER
--   $horizon_days  INTEGER
--   $horizon       VARCHAR
--   $method        VARCHAR
--   $digest        VARCHAR
--   $data_digest   VARCHAR
--   $version       VARCHAR  of the program
--   $seed          UBIGINT
--   $n_accounts    BIGINT
--   $n_learned     BIGINT
--   $auc           DOUBLE
insert into prediction_run (target, day, horizon_days, horizon, method, digest, data_digest, version, seed,
    n_accounts, n_learned, auc, created_at)
values ($target, $day, $horizon_days, $horizon, $method, $digest, $data_digest, $version, $seed,
    $n_accounts, $n_learned, $auc, now()::timestamp);
