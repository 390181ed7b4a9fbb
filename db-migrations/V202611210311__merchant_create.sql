create table merchant (
    id                uuid        primary key,
    version           bigint      not null,
    pid               text        not null constraint merchant_pid_is_used_once unique,
    name              text        not null,
    return_urls       text[]      not null,
    late_payment      text        not null
        constraint merchant_late_payment_is_known check (late_payment in ('accept', 'refund', 'hold')),
    duplicate_payment text        not null
        constraint merchant_duplicate_payment_is_known check (duplicate_payment in ('refund', 'hold')),
    accent            text        constraint merchant_accent_is_a_colour check (accent ~ '^#[0-9a-f]{6}$'),
    logo              text,
    created_at        timestamptz not null
);
comment on column merchant.pid is 'what the API calls pid; chosen by whoever makes the merchant';
comment on column merchant.return_urls is 'a return_url must begin with one of these: scheme, host, port and leading path segments';
