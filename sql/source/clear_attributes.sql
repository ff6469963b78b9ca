-- Before its sources are read again.
delete from account_attribute;
