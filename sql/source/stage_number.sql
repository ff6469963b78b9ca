-- Which staged account row has which number.
create or replace temp table stage_number (
    place bigint,
    account integer
);
