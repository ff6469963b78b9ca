-- Before the pages are made again.
delete from usage_page;
