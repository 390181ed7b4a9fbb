create table handler_run (
    id           uuid        primary key,
    version      bigint      not null,
    order_id     uuid        not null references pay_order constraint handler_run_is_one_an_order unique,
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
    constraint handler_run_waits_for_a_moment check ((state = 'WAITING') = (next_at is not null)),
    constraint handler_run_succeeds_at_a_moment check ((state = 'SUCCEEDED') = (succeeded_at is not null))
);
comment on table handler_run is 'what came of a paid order in the handler of its type inside the WAR';
comment on column handler_run.round is 'how often somebody asked for it; each round has a job of its own and all patience';
