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
