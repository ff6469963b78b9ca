-- Names of the features that usage records, in order of their codes.
-- returns name VARCHAR
select name
from usage_feature
order by feature;
