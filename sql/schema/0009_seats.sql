-- Seats over time, of subscriptions that say how many they have.

-- An account's seats after each day on which they change: the sum over the subscriptions in force.
create table seats_ledger (
    account integer not null,
    day integer not null,
    seats_after bigint not null      -- thousandths, at the end of the day; never below 0
);
