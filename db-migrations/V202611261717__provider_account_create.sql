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

-- Accounts whose provider refuses every query or does not answer; a row is deleted when the provider answers again.
create table account_rest (
    merchant_id   uuid        not null,
    id            uuid        not null,
    version       bigint      not null,
    failures      int         not null,
    since         timestamptz not null,
    failed_at     timestamptz not null,
    refused_since timestamptz,
    rests         int         not null,
    until         timestamptz not null,
    resting       boolean     not null,
    reason        text        not null,
    needs_person  text,
    primary key (merchant_id, id),
    foreign key (merchant_id, id) references provider_account (merchant_id, id)
);
create index account_rest_until on account_rest (until asc);
comment on column account_rest.id is 'of the account';
comment on column account_rest.failures is 'queries in a row that were refused or not answered; 0: it answers again, and its attempts are being woken';
comment on column account_rest.refused_since is 'since when every query has been refused; null: the last one was not answered at all';
comment on column account_rest.rests is 'how often in a row the sweeper left it alone';
comment on column account_rest.until is 'when the sweeper does something about it next: ends its rest, or queries once more';
comment on column account_rest.needs_person is 'why an operator must look at the account; null while it may recover by itself';
