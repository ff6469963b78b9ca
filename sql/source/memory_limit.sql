-- How much memory DuckDB may use, in bytes.
-- returns bytes BIGINT
select least(1e15, split_part(value, ' ', 1)::double * case split_part(value, ' ', 2)
    when 'KiB' then 1024.0
    when 'MiB' then 1048576.0
    when 'GiB' then 1073741824.0
    when 'TiB' then 1099511627776.0
    else 1.0
end)::bigint as bytes
from (
    select current_setting('memory_limit')::varchar as value
);
