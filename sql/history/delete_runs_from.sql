-- Forgets reviews from a day on.
--   $day  DATE  first day forgotten
delete from run
where as_of >= $day;
