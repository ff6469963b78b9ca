-- Before its sources are read again.
delete from contact;
