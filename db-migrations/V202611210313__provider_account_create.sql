create table provider_account (
    id          uuid        primary key,
    version     bigint      not null,
    merchant_id uuid        not null references merchant,
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
    constraint provider_account_node_is_used_once unique (merchant_id, mode, provider, node)
);
comment on column provider_account.id is 'part of the notify address: stable over every change of the settings';
comment on column provider_account.sealed is 'the node as it was put, JSON, sealed under CASHDESK_MASTER_KEY and bound to the id';
comment on column provider_account.enabled is 'a removed node stays for the notifications of its old attempts, and takes no new ones';
