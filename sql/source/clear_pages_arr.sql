-- Before the pages are made again.
delete from arr_page;
