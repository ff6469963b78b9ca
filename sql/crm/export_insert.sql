-- Records an export under the next number.
--   $system        VARCHAR
--   $as_of         DATE
--   $accounts      BIGINT
--   $moves         BIGINT
--   $model_digest  VARCHAR
--   $data_digest   VARCHAR
--   $version       VARCHAR  of the program
insert into crm_export (number, system, as_of, accounts, moves, model_digest, data_digest, version, created_at)
select coalesce(max(number), 0) + 1, $system, $as_of, $accounts, $moves, $model_digest, $data_digest, $version,
    now()::timestamp
from crm_export;
