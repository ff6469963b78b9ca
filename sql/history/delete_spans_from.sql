-- Forgets memberships that began on a day or later.
--   $day  DATE
delete from membership
where valid_from >= $day;
