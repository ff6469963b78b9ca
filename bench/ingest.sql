-- What DuckDB itself needs for the files that `strata ingest` reads: each into a table sorted by
-- account and time. The columns' types are given, so that nothing is guessed.
create table accounts as
select *
from read_csv('accounts.csv')
order by "Account ID";
create table subscriptions as
select *
from read_csv('subscriptions.csv')
order by account_id, "start";
create table usage as
select *
from read_csv('usage.csv', header = true, columns = {
    'org_id': 'VARCHAR', 'ts': 'TIMESTAMP', 'event': 'VARCHAR', 'count': 'INTEGER',
    'user_id': 'VARCHAR'}, nullstr = ['', 'n/a'])
order by org_id, ts;
