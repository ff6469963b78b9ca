-- Before the sources of an entity are read again.
--   $entity  VARCHAR
delete from source_file
where entity = $entity;
