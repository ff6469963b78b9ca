-- The model that a recorded review was made with.
--   $run_id  INTEGER
-- returns model_text VARCHAR
select model_text
from run
where run_id = $run_id;
