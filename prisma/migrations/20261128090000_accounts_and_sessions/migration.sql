-- Accounts: how long their SOF token lives.

-- Of the stored token, when it was made: it is made anew when a tenth of that is left, or 30 s. Null: nobody knows.
alter table account.lazada add column if not exists sof_token_life_seconds int;
