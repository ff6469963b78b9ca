-- Undoes the open transaction.
rollback;
