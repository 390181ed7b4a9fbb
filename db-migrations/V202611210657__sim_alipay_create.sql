-- What the simulated Alipay keeps beside the trades that both simulated providers share.
create table sim_alipay_trade (
    trade_id   uuid        primary key references sim_trade,
    product    text        not null,
    return_url text        not null,
    quit_url   text        not null,
    auth_code  text        unique,
    decides_at timestamptz,
    decision   text        constraint sim_alipay_trade_decision_is_known check (decision in ('PAY', 'CLOSE'))
);
comment on column sim_alipay_trade.decides_at is 'when the payer at the till has made up his mind';
create table sim_alipay_refund (
    id         uuid        primary key,
    trade_id   uuid        not null references sim_trade,
    request_no text        not null,
    amount     bigint      not null constraint sim_alipay_refund_amount_is_positive check (amount > 0),
    reason     text        not null,
    shown      boolean     not null,
    at         timestamptz not null,
    constraint sim_alipay_refund_number_is_used_once unique (trade_id, request_no)
);
comment on column sim_alipay_refund.shown is 'false: it failed after it was accepted, and queries do not show it';
create table sim_alipay_login (
    code    text        primary key,
    app_id  text        not null,
    made_at timestamptz not null,
    used    boolean     not null
);
alter table sim_notice drop constraint sim_notice_refund_id_fkey;
