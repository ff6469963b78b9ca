-- Who gave notice, apart from what it left of their ARR: a notice on the day of the start leaves no row.

-- Accounts that gave notice of a subscription before it ended, and the first day from which that changes their ARR.
create table arr_notice_given (
    account integer not null,
    day integer not null             -- of the notice; of the start, where notice was given before
);
-- As far as it can be known before the source is read again, which the next `strata ingest` does.
insert into arr_notice_given select account, min(day) from arr_notice group by account;
