-- Before the pages are made again.
delete from order_page;
