-- How many rows each packed entity (the enum in src/panel/ledger.h) has in its ledger and in its pages.
-- returns entity INTEGER, in_ledger BIGINT, in_pages BIGINT
select 1 as entity, (select count(*) from arr_ledger) as in_ledger,
    (select coalesce(sum(n_rows), 0)::bigint from arr_page) as in_pages
union all
select 2, (select count(*) from order_ledger), (select coalesce(sum(n_rows), 0)::bigint from order_page)
union all
select 3, (select count(*) from usage_ledger), (select coalesce(sum(n_rows), 0)::bigint from usage_page);
