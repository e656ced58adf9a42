#!/bin/sh
# What the image runs once on a new database: the logins of roles.sql, with the passwords that stand in the secrets.
set -eu
password_in() { sed -E 's|^[^:]+://[^:]+:([^@]+)@.*$|\1|' "/run/secrets/$1"; }
psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --no-psqlrc --quiet --file=/roles.sql \
  --set=migrate_password="$(password_in database-url)" \
  --set=services_password="$(password_in services-database-url)" \
  --set=api_password="$(password_in api-database-url)" \
  --set=cli_password="$(password_in cli-database-url)" \
  --set=reader_password="$(password_in reader-database-url)" \
  --set=host_password="$(password_in host-database-url)"
