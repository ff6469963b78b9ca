-- Memberships that ended on a day or later are open again.
--   $day  DATE
update membership
set valid_to = null
where valid_to >= $day;
