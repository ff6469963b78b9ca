-- Before its sources are read again.
delete from order_ledger;
