-- Times are UTC on every machine; a portfolio's time zone is always named in the statement.
set global TimeZone = 'UTC';
