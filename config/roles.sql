-- The roles and the database. Run once per server by a superuser, with psql 15 or newer:
--
--   REGISTRY_OWNER_PASSWORD=… REGISTRY_APP_PASSWORD=… psql -d postgres -f config/roles.sql
--
-- then config/database.sql in the new database. Safe to run again: it sets the passwords anew and leaves data alone.

\set ON_ERROR_STOP on
\set owner_password ''
\set app_password ''
\set lc_ctype 'C.UTF-8'
\getenv owner_password REGISTRY_OWNER_PASSWORD
\getenv app_password REGISTRY_APP_PASSWORD
\getenv lc_ctype REGISTRY_LC_CTYPE

-- An empty password would leave a role that nobody can log in with: stop before anything is made.
SELECT least(length(:'owner_password'), length(:'app_password')) < 16 AS too_short \gset
\if :too_short
DO $$ BEGIN
  RAISE EXCEPTION 'Set REGISTRY_OWNER_PASSWORD and REGISTRY_APP_PASSWORD, 16 characters or more each.';
END $$;
\endif

-- The owner migrates. CREATEDB is for the test databases; take it away on a production server if you like.
SELECT 'CREATE ROLE registry_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registry_owner') \gexec
ALTER ROLE registry_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB PASSWORD :'owner_password';

-- The program logs in as the app role: row-level security must hold for it.
SELECT 'CREATE ROLE registry_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registry_app') \gexec
ALTER ROLE registry_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'app_password';

-- Central people: entered with SET LOCAL ROLE. Without INHERIT FALSE the app role would have its policies all the time.
SELECT 'CREATE ROLE registry_central' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registry_central') \gexec
ALTER ROLE registry_central NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
GRANT registry_central TO registry_app WITH INHERIT FALSE, SET TRUE;
GRANT registry_central TO registry_owner WITH INHERIT FALSE, SET TRUE;

-- LC_CTYPE decides what pg_trgm takes for a letter: with "C" it finds no trigram in Japanese.
SELECT format(
  'CREATE DATABASE registry OWNER registry_owner TEMPLATE template0 ENCODING ''UTF8'' '
  'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LC_COLLATE ''C'' LC_CTYPE %L', :'lc_ctype')
WHERE current_setting('server_version_num')::int >= 170000
  AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'registry') \gexec

-- PostgreSQL 16 has no builtin provider.
SELECT format(
  'CREATE DATABASE registry OWNER registry_owner TEMPLATE template0 ENCODING ''UTF8'' '
  'LC_COLLATE ''C'' LC_CTYPE %L', :'lc_ctype')
WHERE current_setting('server_version_num')::int < 170000
  AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'registry') \gexec

REVOKE ALL ON DATABASE registry FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE registry TO registry_app;
