-- Notes what is odd about rows that were loaded all the same.
--   $entity   VARCHAR
--   $kind     VARCHAR
--   $n        BIGINT
--   $example  VARCHAR
insert into data_issue
values ($entity, $kind, $n, $example);
