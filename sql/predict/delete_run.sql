-- The same of the record of what was predicted.
--   $target        UTINYINT
--   $day           INTEGER
--   $horizon_days  INTEGER
delete from prediction_run
where target = $target and (day = $day or horizon_days <> $horizon_days);
