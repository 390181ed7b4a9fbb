create table pay_order (
    id                 uuid        primary key,
    version            bigint      not null,
    merchant_id        uuid        not null references merchant,
    mode               text        not null constraint pay_order_mode_is_known check (mode in ('TEST', 'LIVE')),
    out_trade_no       text        not null
        constraint pay_order_out_trade_no_is_allowed check (out_trade_no ~ '^[0-9A-Za-z_|*-]{1,64}$'),
    total_fee          bigint      not null constraint pay_order_total_fee_is_positive check (total_fee > 0),
    currency           varchar(3)  not null,
    subject            text        not null,
    type               text        not null,
    custom             text        not null,
    user_id            text,
    nickname           text,
    platform           text        not null,
    appid              text,
    client_ip          text,
    return_url         text,
    providers          text[]      not null,
    state              text        not null
        constraint pay_order_state_is_known check (state in ('UNPAID', 'PAID', 'CLOSED')),
    expires_at         timestamptz not null,
    checkout_token     text        not null constraint pay_order_checkout_token_is_used_once unique,
    attempts           int         not null,
    needs_person       text,
    pay_type           text,
    provider_merchant_no text,
    provider_app_id    text,
    paid_receipt       uuid,
    transaction_id     text,
    openid             text,
    paid_at            timestamptz,
    notified_at        timestamptz,
    notify_mode        int         constraint pay_order_notify_mode_is_known check (notify_mode in (0, 1)),
    closed_at          timestamptz,
    refund_fee         bigint      not null
        constraint pay_order_refund_is_within_total check (refund_fee between 0 and total_fee),
    refund_num         int         not null,
    handler_expected   boolean     not null,
    user_order_success boolean,
    created_at         timestamptz not null,
    constraint pay_order_out_trade_no_is_used_once unique (merchant_id, mode, out_trade_no),
    constraint pay_order_is_paid_by_a_receipt check ((state = 'PAID') = (paid_receipt is not null)),
    constraint pay_order_is_paid_at_a_moment check ((state = 'PAID') = (paid_at is not null)),
    constraint pay_order_is_closed_at_a_moment check (state <> 'CLOSED' or closed_at is not null),
    constraint pay_order_refund_needs_payment check (refund_fee = 0 or state = 'PAID')
);
create index pay_order_unpaid_deadline on pay_order (expires_at) where state = 'UNPAID' and needs_person is null;
comment on column pay_order.total_fee is 'minor units of currency: 990 is 9.90 CNY';
comment on column pay_order.custom is 'a JSON object, the merchant''s own; never sent to a provider';
comment on column pay_order.checkout_token is '128 random bits; opens the payer''s pages of this one order';
comment on column pay_order.needs_person is 'why nothing here moves by itself until a person has looked; null normally';
comment on column pay_order.notify_mode is '1: the provider told us, 0: we asked';
