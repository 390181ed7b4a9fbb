-- A merchant's accounts at providers (room account).
create table provider_account (
    merchant_id uuid        not null references merchant,
    id          uuid        not null,
    version     bigint      not null,
    mode        text        not null constraint provider_account_mode_is_known check (mode in ('TEST', 'LIVE')),
    provider    text        not null,
    node        text        not null,
    merchant_no text        not null,
    app_id      text        not null,
    sealed      text        not null,
    fingerprint text        not null,
    enabled     boolean     not null,
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    primary key (merchant_id, id),
    constraint provider_account_id_is_used_once unique (id)
);
-- A node that is given another merchant number is another account; the old one stays for its own attempts.
create unique index provider_account_one_is_in_use on provider_account (merchant_id, mode, provider, node) where enabled;
create index provider_account_node on provider_account (merchant_id, mode, provider, node);
comment on column provider_account.id is 'part of the notify address: does not change when the settings do';
comment on column provider_account.sealed is 'the node as it was put, JSON, sealed under CASHDESK_MASTER_KEY and bound to the id';
comment on column provider_account.fingerprint is 'of all settings, to compare them without reading them';
comment on column provider_account.enabled is 'a removed node stays for the notifications of its old attempts, and takes no new ones';
