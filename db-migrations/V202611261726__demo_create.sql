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
