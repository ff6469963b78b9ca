-- Before its sources are read again.
delete from usage_user;
