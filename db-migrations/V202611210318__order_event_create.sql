create table order_event (
    id         uuid        primary key,
    order_id   uuid        not null references pay_order,
    attempt_id uuid        references attempt,
    at         timestamptz not null,
    kind       text        not null,
    detail     text        not null
);
create index order_event_of_order on order_event (order_id, at);
comment on table order_event is 'evidence of every change of an order, oldest first';
