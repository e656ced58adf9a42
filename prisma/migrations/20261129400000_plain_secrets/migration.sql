-- Accounts of which the host wrote a secret plain: looked for all the time, and mostly there is none.
create index concurrently if not exists lazada_plain_secrets on account.lazada (id)
  where (app_secret <> '' and app_secret not like 'enc:%')
     or (access_token <> '' and access_token not like 'enc:%')
     or (refresh_token <> '' and refresh_token not like 'enc:%')
     or (sof_password <> '' and sof_password not like 'enc:%')
     or (sof_token <> '' and sof_token not like 'enc:%')
     or (consent_code <> '' and consent_code not like 'enc:%');
