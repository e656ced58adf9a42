/**
 * What a migration sets for itself. Names are found where they are meant to be: a function of the host's in `public` may fit a
 * call better than PostgreSQL's own. What the role or the database limits is meant for others: our waits have limits of their own.
 */
const setting = (isLocal: boolean) => `
  select set_config('search_path', 'pg_catalog, pg_temp', ${isLocal}), set_config(known.name, wanted.setting, ${isLocal})
    from (values ('statement_timeout', '0'), ('transaction_timeout', '0'), ('idle_session_timeout', '0'),
                 ('idle_in_transaction_session_timeout', '0'), ('default_transaction_read_only', 'off')) wanted (name, setting)
    join pg_settings known on known.name = wanted.name`;

/** Of a session that nobody else gets: a pooler would hand it to the next client, whose tables are not found then. */
export const FOR_SESSION = setting(false);
export const FOR_TRANSACTION = setting(true);
