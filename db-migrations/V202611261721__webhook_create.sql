-- The outbox of events for merchants (room webhook).
create table webhook_endpoint (
    merchant_id      uuid        not null references merchant,
    id               uuid        not null,
    version          bigint      not null,
    name             text        not null,
    url              text        not null,
    sealed           text        not null,
    old_sealed       text,
    old_until        timestamptz,
    events           text[]      not null,
    types            text[]      not null,
    mode             text        not null constraint webhook_endpoint_mode_is_known check (mode in ('TEST', 'LIVE')),
    format           text        not null
        constraint webhook_endpoint_format_is_known check (format in ('standard', 'cloudpay', 'epay')),
    env_id           text,
    created_at       timestamptz not null,

    enabled          boolean     not null,
    enabled_at       timestamptz not null,
    resuming         boolean     not null,
    disabled_at      timestamptz,
    disabled_because text
        constraint webhook_endpoint_disabled_because_is_known check (disabled_because in ('GONE', 'FAILING', 'BY_HAND')),
    failing_since    timestamptz,
    failed_at        timestamptz,
    failures         int         not null,
    paused_until     timestamptz,

    primary key (merchant_id, id),
    constraint webhook_endpoint_name_is_used_once unique (merchant_id, name),
    constraint webhook_endpoint_says_why_it_is_disabled
        check (enabled = (disabled_at is null) and enabled = (disabled_because is null)),
    constraint webhook_endpoint_fails_since_its_first_failure check ((failures = 0) = (failing_since is null)),
    constraint webhook_endpoint_old_secret_ends check ((old_sealed is null) = (old_until is null))
);
comment on column webhook_endpoint.sealed is 'the signing secret, sealed and bound to the id';
comment on column webhook_endpoint.old_sealed is 'the secret before this one, used as well until old_until';
comment on column webhook_endpoint.events is 'which event types it wants; none means all';
comment on column webhook_endpoint.types is 'which order types it wants; none means all';
create index webhook_endpoint_resuming on webhook_endpoint (id asc) where resuming;
comment on column webhook_endpoint.enabled_at is 'when it was last enabled or given another address; earlier tries do not count for it';
comment on column webhook_endpoint.resuming is 'deliveries from before enabled_at may still wait for a later moment';
comment on column webhook_endpoint.failing_since is 'the first failure since the last success';
comment on column webhook_endpoint.failed_at is 'the last failure since the last success';
comment on column webhook_endpoint.paused_until is 'nothing is sent before, because it asked for that (Retry-After)';

create table webhook_event (
    merchant_id uuid        not null references merchant,
    id          uuid        not null,
    mode        text        not null constraint webhook_event_mode_is_known check (mode in ('TEST', 'LIVE')),
    order_id    uuid,
    type        text        not null,
    subject     uuid        not null,
    payload     text        not null,
    created_at  timestamptz not null,
    primary key (merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    constraint webhook_event_happens_once unique (order_id, merchant_id, type, subject),
    constraint webhook_event_is_of_an_order_or_a_test check ((order_id is null) = (type = 'webhook.test'))
);
create index webhook_event_of_merchant on webhook_event (merchant_id, mode, created_at asc);
create index webhook_event_of_tests on webhook_event (created_at asc) where order_id is null and mode = 'TEST'; -- old ones are deleted
comment on column webhook_event.subject is 'what it is about: the order, a receipt or a refund; a test is about itself';
comment on column webhook_event.payload is 'the body as it is sent, every time the same bytes';

create table webhook_delivery (
    merchant_id     uuid        not null,
    id              uuid        not null,
    version         bigint      not null,
    event_id        uuid        not null,
    endpoint_id     uuid        not null,
    payload         text,
    target          text,
    target_host     text,
    created_at      timestamptz not null,

    state           text        not null
        constraint webhook_delivery_state_is_known check (state in ('WAITING', 'ACKNOWLEDGED', 'GIVEN_UP')),
    tries           int         not null,
    round_tries     int         not null,
    round_at        timestamptz not null,
    next_at         timestamptz,
    claim           uuid,
    acknowledged_at timestamptz,

    primary key (merchant_id, id),
    foreign key (merchant_id, event_id) references webhook_event (merchant_id, id),
    foreign key (merchant_id, endpoint_id) references webhook_endpoint (merchant_id, id),
    constraint webhook_delivery_goes_once_to_each unique (event_id, merchant_id, endpoint_id),
    constraint webhook_delivery_waits_for_a_moment check ((state = 'WAITING') = (next_at is not null)),
    constraint webhook_delivery_is_claimed_while_it_waits check (claim is null or state = 'WAITING'),
    constraint webhook_delivery_target_has_a_host check ((target is null) = (target_host is null))
);
create index webhook_delivery_due on webhook_delivery (endpoint_id, next_at asc) where state = 'WAITING';
create index webhook_delivery_due_at_host on webhook_delivery (endpoint_id, target_host, next_at asc)
    where state = 'WAITING' and target_host is not null;
create index webhook_delivery_claimed on webhook_delivery (endpoint_id) where claim is not null;
create index webhook_delivery_of_endpoint on webhook_delivery (endpoint_id, merchant_id, id asc);
create index webhook_delivery_waiting on webhook_delivery (created_at asc) where state = 'WAITING';
create index webhook_delivery_given_up on webhook_delivery (created_at asc) where state = 'GIVEN_UP';
comment on table webhook_delivery is 'an event that is delivered to one endpoint';
comment on column webhook_delivery.payload is 'the body for this endpoint where it is not the event''s own';
comment on column webhook_delivery.target is 'the address of this delivery alone, where the order names one; its failures do not count for the endpoint';
comment on column webhook_delivery.target_host is 'host and port of target: few deliveries at once go to each';
comment on column webhook_delivery.next_at is 'when it is due; while a node sends it (claim), the end of that node''s lease';
comment on column webhook_delivery.round_at is 'when it was first sent, or last sent again by hand: the retry schedule counts from here';

-- In partitions by month, without foreign keys, like order_event.
create table webhook_try (
    merchant_id uuid        not null,
    id          uuid        not null,
    delivery_id uuid        not null,
    n           int         not null,
    at          timestamptz not null,
    node        text        not null,
    url         text        not null,
    address     text,
    signatures  int         not null,
    status      int,
    answer      text,
    error       text,
    took_ms     bigint      not null,
    primary key (merchant_id, id)
) partition by range (id);
create table webhook_try_default partition of webhook_try default;
create index webhook_try_of_delivery on webhook_try (delivery_id, merchant_id, n asc);
comment on column webhook_try.address is 'the address and port that answered; null: none did';
comment on column webhook_try.signatures is 'with how many secrets it was signed';
