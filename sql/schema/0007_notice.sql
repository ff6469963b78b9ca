-- ARR with churn and contraction dated at the cancellation, where a source of subscriptions says when notice was given.

-- As arr_ledger, of the accounts that gave notice of a subscription before it ended: each such
-- subscription stops on the day of the notice. All other accounts are as in arr_ledger.
create table arr_notice (
    account integer not null,
    day integer not null,
    arr_after bigint not null,
    kind utinyint not null,          -- arr_kind
    delta bigint not null,
    type text,
    reason text
);
