-- Notes a fact about the store.
--   $key    VARCHAR
--   $value  VARCHAR
insert or replace into meta
values ($key, $value);
