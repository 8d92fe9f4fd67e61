#!/bin/sh
# The first start of the PostgreSQL container runs this after roles.sql: database.sql belongs to the owner, in `registry`.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname registry \
  --command 'SET SESSION AUTHORIZATION registry_owner' --file /registry/database.sql
