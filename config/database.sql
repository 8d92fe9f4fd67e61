-- What every database of the registry has before the first migration. Run inside it, as registry_owner:
-- the three extensions are trusted ones, so no superuser is needed. Safe to run again.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO registry_app, registry_central;

-- Tables that packages bring (sessions, jobs, accounts) are read and written by the program. Migrations of governed
-- tables take away what the program must not do itself.
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO registry_app, registry_central;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO registry_app, registry_central;
