-- The roles of lazada-sof and logins for its parts, for whoever administers the server; may run again. Passwords come as
-- variables, so that none stands in a file or a process list that others read:
--
--   psql --dbname=DATABASE --file=deploy/roles.sql \
--     --set=migrate_password=… --set=services_password=… --set=api_password=… \
--     --set=cli_password=… --set=reader_password=… --set=host_password=…
--
-- Then `sof migrate`, as `sof_migrate`, makes the tables and grants to each role what it needs. Nobody of these is a
-- superuser. A login of another name does as well: what counts is of which role it is a member.
\set ON_ERROR_STOP on

select format('create role %I nologin', name)
  from unnest(array['lazada_sof_definer', 'lazada_sof_retention', 'lazada_sof_services', 'lazada_sof_api', 'lazada_sof_reader',
                    'lazada_sof_host']) name
 where not exists (select from pg_roles where rolname = name) \gexec
select format('create role %I login', name)
  from unnest(array['sof_migrate', 'sof_services', 'sof_api', 'sof_cli', 'sof_reader', 'sof_host']) name
 where not exists (select from pg_roles where rolname = name) \gexec

alter role sof_migrate password :'migrate_password';
alter role sof_services password :'services_password';
alter role sof_api password :'api_password';
alter role sof_cli password :'cli_password';
alter role sof_reader password :'reader_password';
alter role sof_host password :'host_password';

-- Owns our tables, and hands functions over to the roles that they run as. Where the host's tables are
-- there already it has to be a member of the role that owns them, too: grant THEIR_OWNER to sof_migrate.
select format('grant create, connect on database %I to sof_migrate', current_database()) \gexec
grant create, usage on schema public to sof_migrate with grant option;
select 'grant create, usage on schema account to sof_migrate with grant option'
 where to_regnamespace('account') is not null \gexec
grant lazada_sof_definer, lazada_sof_retention to sof_migrate;

-- Scheduler and workers.
grant lazada_sof_services to sof_services;
-- The HTTP API and the console.
grant lazada_sof_api to sof_api;
-- An operator's command line does what both do.
grant lazada_sof_services, lazada_sof_api to sof_cli;
-- People and dashboards that look, and never for long.
grant lazada_sof_reader to sof_reader;
alter role sof_reader set statement_timeout = '5s';
alter role sof_reader set default_transaction_read_only = on;
-- The host's own programs.
grant lazada_sof_host to sof_host;
