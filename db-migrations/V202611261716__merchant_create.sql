-- Who may request payments (room merchant). A merchant's id is the key by which a distributed database would place all of its
-- rows: every table of the money path carries it as merchant_id, first in its primary key (docs/operations.md, "More than one
-- PostgreSQL"). Other keys begin with what tells rows apart: of two indexes that begin with merchant_id, PostgreSQL may take the
-- wrong one while a table is new and has no statistics.
create table merchant (
    id                 uuid        primary key,
    version            bigint      not null,
    pid                text        not null constraint merchant_pid_is_used_once unique,
    name               text        not null,
    return_urls        text[]      not null,
    origins            text[]      not null,
    origins_of_return_urls boolean not null,
    late_payment       text        not null
        constraint merchant_late_payment_is_known check (late_payment in ('accept', 'refund', 'hold')),
    duplicate_payment  text        not null
        constraint merchant_duplicate_payment_is_known check (duplicate_payment in ('refund', 'hold')),
    alipay_app_as_code boolean     not null,
    accent             text        constraint merchant_accent_is_a_colour check (accent ~ '^#[0-9a-f]{6}$'),
    logo               text,
    contact_phone      text        constraint merchant_contact_phone_is_short check (length(contact_phone) between 3 and 32),
    contact_email      text        constraint merchant_contact_email_is_short check (length(contact_email) <= 254),
    created_at         timestamptz not null
);
comment on column merchant.pid is 'the pid of the API; chosen by whoever creates the merchant';
comment on column merchant.return_urls is 'a return_url must begin with one of these: scheme, host, port and leading path segments';
comment on column merchant.origins is 'pages of these origins may call with a publishable key; as browsers write them: scheme, host, port if not the usual one';
comment on column merchant.origins_of_return_urls is 'true: origins follows return_urls; false: the management API has set it';
comment on column merchant.late_payment is 'what is done with a payment that arrives after its order was closed';
comment on column merchant.duplicate_payment is 'what is done with a second payment of a paid order';
comment on column merchant.contact_phone is 'shown to payers where a person is needed, as is contact_email';
comment on column merchant.alipay_app_as_code is 'alipayAppPayToH5Pay of the vk-pay-config row: the value where a call does not say';

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
comment on table api_key_merchant is 'a platform key acts for several merchants';

create sequence epay_pid start 1001;
create table epay_access (
    merchant_id  uuid        not null references merchant,
    id           uuid        not null,
    version      bigint      not null,
    pid          bigint      not null constraint epay_access_pid_is_used_once unique,
    mode         text        not null constraint epay_access_mode_is_known check (mode in ('TEST', 'LIVE')),
    enabled      boolean     not null,
    type         text        not null,
    sealed_key   text        not null,
    shop_key     text,
    sealed_platform_key text not null,
    platform_key text        not null,
    created_at   timestamptz not null,
    primary key (merchant_id, id),
    constraint epay_access_one_of_a_mode unique (merchant_id, mode)
);
comment on table epay_access is 'how the shops of a merchant call that speak epay';
comment on column epay_access.pid is 'the merchant''s number in epay, of one mode; stays the same';
comment on column epay_access.type is 'the type of the orders that they create';
comment on column epay_access.sealed_key is 'the key of V1 (MD5), sealed and bound to the id: a hash could not sign';
comment on column epay_access.shop_key is 'the RSA public key of the shop, with which V2 is verified: Base64 of DER; null: V2 is off';
comment on column epay_access.sealed_platform_key is 'the RSA private key that signs answers and notifications of V2: Base64 of PKCS#8, sealed';
comment on column epay_access.platform_key is 'its public half: Base64 of DER';
