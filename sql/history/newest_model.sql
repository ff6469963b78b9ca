-- The model that the newest review was recorded with.
-- returns model_text VARCHAR
select model_text
from run
order by run_id desc
limit 1;
