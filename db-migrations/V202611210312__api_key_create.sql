create table api_key (
    id         uuid        primary key,
    version    bigint      not null,
    hash       text        not null constraint api_key_hash_is_used_once unique,
    mode       text        not null constraint api_key_mode_is_known check (mode in ('TEST', 'LIVE')),
    kind       text        not null constraint api_key_kind_is_known check (kind in ('SECRET', 'PUBLISHABLE')),
    name       text        not null,
    shown      text        not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);
comment on column api_key.hash is 'SHA-256 of the whole key, which is shown once and never stored';
comment on column api_key.shown is 'the beginning and the last four characters, to tell keys apart';

create table api_key_merchant (
    api_key_id  uuid not null references api_key,
    merchant_id uuid not null references merchant,
    primary key (api_key_id, merchant_id)
);
