-- Codes given while reading, and the final ones in order of name.
create or replace temp table stage_code (
    kind text,                       -- 'feature', 'user'
    code integer,
    final integer,
    name text
);
