-- The simulator's own books. Nothing else reads them; they hold test money and test keys only.
create table sim_platform (
    provider    text primary key,
    private_key text not null,
    public_key  text not null,
    certificate text not null,
    serial      text not null
);
create table sim_account (
    id          uuid primary key,
    merchant_id uuid not null,
    provider    text not null,
    kind        text not null constraint sim_account_kind_is_known check (kind in ('KEY', 'CERTIFICATE')),
    mch_no      text not null,
    app_id      text not null,
    public_key  text not null,
    serial      text not null,
    v3_key      text not null,
    node        text not null,
    constraint sim_account_is_opened_once unique (merchant_id, provider, kind),
    constraint sim_account_mch_no_is_used_once unique (provider, mch_no)
);
create table sim_trade (
    id             uuid        primary key,
    account_id     uuid        not null references sim_account,
    provider       text        not null,
    number         text        not null,
    code           text        not null constraint sim_trade_code_is_used_once unique,
    amount         bigint      not null,
    subject        text        not null,
    notify_url     text        not null,
    request        text        not null,
    state          text        not null
        constraint sim_trade_state_is_known check (state in ('UNSCANNED', 'NOTPAY', 'SUCCESS', 'CLOSED')),
    reported       bigint      not null,
    transaction_id text        not null,
    faults         text        not null,
    expires_at     timestamptz not null,
    created_at     timestamptz not null,
    paid_at        timestamptz,
    constraint sim_trade_number_is_used_once unique (account_id, number)
);
create table sim_notice (
    id        uuid        primary key,
    trade_id  uuid        not null references sim_trade,
    notice_no text        not null,
    forged    boolean     not null,
    tries     int         not null,
    next_at   timestamptz,
    status    int,
    answer    text
);
create index sim_notice_due on sim_notice (next_at) where next_at is not null;
create table sim_dial (
    number text primary key,
    faults text not null
);
create table sim_log (
    id       uuid        primary key,
    number   text        not null,
    at       timestamptz not null,
    way      text        not null,
    what     text        not null,
    verdict  text        not null,
    content  text        not null
);
create index sim_log_of_number on sim_log (number, at);
