-- First day any account used a feature.
-- returns feature INTEGER, first_seen INTEGER
select feature, first_seen
from usage_feature;
