-- Handlers inside the WAR (room handler).
create table handler_run (
    merchant_id  uuid        not null,
    id           uuid        not null,
    version      bigint      not null,
    order_id     uuid        not null,
    state        text        not null
        constraint handler_run_state_is_known check (state in ('WAITING', 'SUCCEEDED', 'GIVEN_UP')),
    tries        int         not null,
    round        int         not null,
    round_tries  int         not null,
    round_at     timestamptz not null,
    next_at      timestamptz,
    error        text,
    created_at   timestamptz not null,
    succeeded_at timestamptz,
    primary key (merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    constraint handler_run_is_one_an_order unique (order_id, merchant_id),
    constraint handler_run_waits_for_a_moment check ((state = 'WAITING') = (next_at is not null)),
    constraint handler_run_succeeds_at_a_moment check ((state = 'SUCCEEDED') = (succeeded_at is not null))
);
create index handler_run_waiting on handler_run (next_at asc) where state = 'WAITING';
comment on table handler_run is 'the run of the handler of one paid order: its tries and their result';
comment on column handler_run.round is 'how often it was requested; each round has a job of its own and a whole retry schedule';
