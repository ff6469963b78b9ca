-- Forgets segment sizes of reviews that are gone.
delete from run_segment
where run_id not in (select run_id from run);
