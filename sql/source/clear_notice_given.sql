-- Before its sources are read again.
delete from arr_notice_given;
