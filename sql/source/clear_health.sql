-- Before its sources are read again.
delete from health_history;
