-- Notes that a migration was applied.
--   $version   INTEGER  its number
--   $name      VARCHAR  its file below sql/
--   $checksum  VARCHAR  BLAKE2b of the file
--   $program   VARCHAR  version of this program
insert into schema_migration (version, name, checksum, program, applied_at)
values ($version, $name, $checksum, $program, now()::timestamp);
