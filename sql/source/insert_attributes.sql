-- Accounts' own columns: values of a type that all of a column's values fit.
-- needs source/stage_attribute.sql
-- needs source/stage_number.sql
-- needs function strata_bool(VARCHAR) BOOLEAN
-- needs function strata_number(VARCHAR) DOUBLE
-- needs function strata_day(VARCHAR) INTEGER
insert into account_attribute
with types as (
    select name,
        case
            when bool_and(strata_bool(value) is not null)
                and count(distinct lower(value)) <= 2
                and not bool_and(strata_number(value) is not null) then 'boolean'
            when bool_and(strata_number(value) is not null) then 'number'
            when bool_and(strata_day(value) is not null) then 'date'
            else 'text'
        end as type
    from stage_attribute
    group by name
)
select n.account, a.name, t.type,
    case t.type
        when 'boolean' then strata_bool(a.value)::integer
        when 'number' then strata_number(a.value)
        when 'date' then strata_day(a.value)
    end,
    case t.type when 'text' then a.value end
from stage_attribute as a
join types as t on t.name = a.name
join stage_number as n on n.place = a.place
order by n.account, a.name;
