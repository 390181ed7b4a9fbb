-- A node that is given another merchant number is another account; the old one stays for its own attempts.
alter table provider_account drop constraint provider_account_node_is_used_once;
create unique index provider_account_one_is_in_use on provider_account (merchant_id, mode, provider, node) where enabled;
create index provider_account_node on provider_account (merchant_id, mode, provider, node);
