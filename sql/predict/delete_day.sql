-- Forgets what was predicted of a target on a day, and all that was predicted with another horizon: a
-- target has one horizon at a time, so that chances can be compared.
--   $target        UTINYINT
--   $day           INTEGER
--   $horizon_days  INTEGER
delete from prediction
where target = $target and (day = $day or horizon_days <> $horizon_days);
