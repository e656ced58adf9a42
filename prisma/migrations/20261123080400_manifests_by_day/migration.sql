-- One manifest per account and day. The table may be the host's, with rows: built while it goes on writing.
create unique index concurrently if not exists marketplace_manifests_marketplace_account_id_manifest_date_key
  on public.marketplace_manifests (marketplace, account_id, manifest_date);
