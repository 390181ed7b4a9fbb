-- The demo shop's own records, as any shop would keep them (room demo). No other room reads them.
create table demo_order (
    no         text        primary key,
    item       text        not null,
    price      bigint      not null
        constraint demo_order_price_is_positive check (price > 0),
    created_at timestamptz not null,
    paid_at    timestamptz
);
create index demo_order_by_age on demo_order (created_at asc);
comment on column demo_order.price is 'fen: 990 is 9.90 yuan';
comment on column demo_order.paid_at is 'when a webhook with a right signature and the right amount arrived';
create table demo_webhook (
    id          uuid        primary key,
    order_no    text        not null references demo_order on delete cascade,
    webhook_id  text        not null,
    valid       boolean     not null,
    type        text        not null,
    headers     text        not null,
    body        text        not null,
    received_at timestamptz not null,
    times       int         not null,
    constraint demo_webhook_is_kept_once unique (order_no, webhook_id, valid)
);
comment on column demo_webhook.times is 'how often the same webhook-id arrived';
create table demo_refund (
    no       text        primary key,
    order_no text        not null references demo_order on delete cascade,
    fee      bigint      not null
        constraint demo_refund_fee_is_positive check (fee > 0),
    cause    text        not null,
    state    text        not null
        constraint demo_refund_state_is_known check (state in ('requested', 'processing', 'success', 'failed')),
    answer   text        not null,
    requested_at timestamptz not null,
    done_at  timestamptz
);
create index demo_refund_of_order on demo_refund (order_no);
comment on column demo_refund.no is 'out_refund_no';
comment on column demo_refund.fee is 'fen';
comment on column demo_refund.cause is '"merchant": of the payment of this order; others: of money that was no payment of it';
comment on column demo_refund.answer is 'what the API call refund answered';
comment on column demo_refund.done_at is 'when refund.succeeded or refund.failed arrived';
