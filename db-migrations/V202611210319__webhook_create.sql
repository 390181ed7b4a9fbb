create table webhook_endpoint (
    id          uuid        primary key,
    version     bigint      not null,
    merchant_id uuid        not null references merchant,
    name        text        not null,
    url         text        not null,
    sealed      text        not null,
    events      text[]      not null,
    types       text[]      not null,
    mode        text        not null constraint webhook_endpoint_mode_is_known check (mode in ('TEST', 'LIVE')),
    format      text        not null
        constraint webhook_endpoint_format_is_known check (format in ('standard', 'cloudpay')),
    env_id      text,
    enabled     boolean     not null,
    created_at  timestamptz not null,
    constraint webhook_endpoint_name_is_used_once unique (merchant_id, name)
);
comment on column webhook_endpoint.sealed is 'the signing secret, sealed and bound to the id';
comment on column webhook_endpoint.events is 'which event types it wants; none means all';
comment on column webhook_endpoint.types is 'which order types it wants; none means all';

create table webhook_event (
    id         uuid        primary key,
    order_id   uuid        not null references pay_order,
    type       text        not null,
    subject    uuid        not null,
    payload    text        not null,
    created_at timestamptz not null,
    constraint webhook_event_happens_once unique (order_id, type, subject)
);
comment on column webhook_event.subject is 'what it is about: the order, a receipt or a refund';
comment on column webhook_event.payload is 'the body as it is sent, every time the same bytes';

create table webhook_delivery (
    id            uuid        primary key,
    version       bigint      not null,
    event_id      uuid        not null references webhook_event,
    endpoint_id   uuid        not null references webhook_endpoint,
    state         text        not null
        constraint webhook_delivery_state_is_known check (state in ('WAITING', 'HEARD', 'GIVEN_UP')),
    tries         int         not null,
    created_at    timestamptz not null,
    heard_at      timestamptz,
    constraint webhook_delivery_goes_once_to_each unique (event_id, endpoint_id)
);
create table webhook_try (
    id          uuid        primary key,
    delivery_id uuid        not null references webhook_delivery,
    n           int         not null,
    at          timestamptz not null,
    status      int,
    answer      text,
    error       text,
    took_ms     bigint      not null
);
create index webhook_try_of_delivery on webhook_try (delivery_id, n);
