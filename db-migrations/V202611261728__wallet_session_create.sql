-- Session keys and access tokens of wallets (room openid).
create table wallet_session (
    merchant_id  uuid        not null references merchant,
    id           uuid        not null,
    mode         text        not null constraint wallet_session_mode_is_known check (mode in ('TEST', 'LIVE')),
    app_id       text        not null,
    openid       text        not null,
    sealed       text        not null,
    logged_in_at timestamptz not null,
    primary key (merchant_id, id),
    constraint wallet_session_is_one_for_each_user unique (openid, merchant_id, mode, app_id)
);
create index wallet_session_by_age on wallet_session (logged_in_at asc);
comment on column wallet_session.app_id is 'the application to which the user logged in; accounts of the same application share the session';
comment on column wallet_session.sealed is 'the session key, sealed under CASHDESK_MASTER_KEY and bound to its user';
comment on column wallet_session.logged_in_at is 'of the last login, which replaced the key; older than 30 days: not used, and deleted';

create table access_token (
    merchant_id uuid   not null,
    id          uuid   not null,
    version     bigint not null,
    sealed      text,
    renew_at    timestamptz,
    claim       uuid,
    lease_until timestamptz,
    primary key (merchant_id, id),
    foreign key (merchant_id, id) references provider_account (merchant_id, id)
);
comment on column access_token.id is 'of the account';
comment on column access_token.version is 'of the account''s settings with which the token was fetched';
comment on column access_token.sealed is 'the token, sealed under CASHDESK_MASTER_KEY and bound to the account; null: none was fetched yet';
comment on column access_token.renew_at is 'when another one is fetched, before this one ends';
comment on column access_token.claim is 'of the node that is fetching; the others wait until lease_until';
