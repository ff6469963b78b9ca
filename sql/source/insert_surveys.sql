-- Survey answers.
-- needs source/stage_surveys.sql
insert into survey
select account_id, answered_at, kind::utinyint, score, contact_id, text
from stage_surveys
order by all;
