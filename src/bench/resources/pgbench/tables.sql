-- The tables of the limit of notifications. FROZEN on 2026-11-26: they had the columns and indexes of the server's tables on that
-- day and do not follow them, so that a change of the schema moves the measured rate and not its limit.
create table pay_order (
    id uuid primary key, version bigint not null, merchant_id uuid not null, mode text not null, out_trade_no text not null,
    total_fee bigint not null, currency varchar(3) not null, subject text not null, type text not null, custom text not null,
    user_id text, nickname text, platform text not null, appid text, client_ip text, return_url text, providers text[] not null,
    state text not null, expires_at timestamptz not null, checkout_token text not null unique, attempts int not null,
    needs_person text, pay_type text, provider_merchant_no text, provider_app_id text, paid_receipt uuid, transaction_id text,
    openid text, paid_at timestamptz, notified_at timestamptz, notify_mode int, closed_at timestamptz, refund_fee bigint not null,
    refund_num int not null, handler_expected boolean not null, user_order_success boolean, created_at timestamptz not null,
    callback text,
    unique (merchant_id, mode, out_trade_no)
);
create index on pay_order (expires_at) where state = 'UNPAID' and needs_person is null;
create index on pay_order (transaction_id) where transaction_id is not null;
create table attempt (
    id uuid primary key, version bigint not null, order_id uuid not null, n int not null, account_id uuid not null,
    provider text not null, merchant_no text not null, pay_type text not null, attempt_no text not null, request text not null,
    same_request text not null, state text not null, claim uuid, lease_until timestamptz, prompt text,
    expires_at timestamptz not null, failure text, next_ask_at timestamptz, asked_at timestamptz, asks int not null,
    created_at timestamptz not null, prompt_until timestamptz, code_hash text unique, close_at timestamptz not null,
    provider_code text,
    unique (order_id, n),
    unique (provider, merchant_no, attempt_no)
);
create unique index on attempt (order_id) where state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING');
create index on attempt (account_id, next_ask_at) where next_ask_at is not null;
create table receipt (
    id uuid primary key, version bigint not null, order_id uuid not null, attempt_id uuid not null, provider text not null,
    merchant_no text not null, transaction_id text not null, amount bigint not null, currency varchar(3) not null,
    kind text not null, disposition text not null, reserved bigint not null, refunded bigint not null,
    paid_at timestamptz not null, heard_at timestamptz not null, evidence text not null,
    unique (provider, merchant_no, transaction_id)
);
create unique index on receipt (order_id) where disposition = 'COUNTED';
create index on receipt (order_id);
create table notification (
    id uuid primary key, account_id uuid not null, order_id uuid, verdict text not null, repeat_key text, kind text,
    method text not null, raw_query text not null, headers text not null, body bytea, reason text, received_at timestamptz not null
);
create unique index on notification (account_id, repeat_key) where verdict = 'AUTHENTIC';
create index on notification (order_id) where order_id is not null;
create table order_event (
    id uuid primary key, order_id uuid not null, attempt_id uuid, at timestamptz not null, kind text not null, detail text not null
);
create index on order_event (order_id, at);
create table webhook_event (
    id uuid primary key, order_id uuid, type text not null, subject uuid not null, payload text not null,
    created_at timestamptz not null, merchant_id uuid not null, mode text not null,
    unique (order_id, type, subject)
);
create index on webhook_event (merchant_id, mode, created_at);

-- One order for each transaction of 16 clients with 300 transactions, and some more.
create sequence next_number;
create table numbers as
    select n, gen_random_uuid() as order_id, gen_random_uuid() as attempt_id from generate_series(1, 5000) n;
create unique index on numbers (n);
insert into pay_order
    select order_id, 1, '00000000-0000-0000-0000-000000000001', 'LIVE', 'BENCH' || n, 990, 'CNY', 'tea', 'goods', '{}',
        null, null, 'h5', null, '127.0.0.1', null, '{}', 'UNPAID', now() + interval '2 hours', md5(n::text), 1,
        null, null, null, null, null, null, null, null, null, null, null, 0, 0, false, null, now(), null
    from numbers;
insert into attempt
    select attempt_id, 1, order_id, 1, '00000000-0000-0000-0000-000000000002', 'alipay', '2088000000000001', 'h5', 'BENCH' || n,
        repeat('x', 300), repeat('x', 100), 'SHOWN', null, null, repeat('x', 200), now() + interval '2 hours', null,
        now() + interval '1 hour', null, 0, now(), null, null, now() + interval '2 hours', null
    from numbers;
