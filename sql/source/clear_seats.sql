-- Before its sources are read again.
delete from seats_ledger;
