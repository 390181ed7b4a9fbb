create table sim_wechat_refund (
    id           uuid        primary key,
    account_id   uuid        not null references sim_account,
    trade_id     uuid        not null references sim_trade,
    number       text        not null,
    refund_id    text        not null,
    amount       bigint      not null constraint sim_wechat_refund_amount_is_positive check (amount > 0),
    request      text        not null,
    notify_url   text        not null,
    state        text        not null
        constraint sim_wechat_refund_state_is_known check (state in ('PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED')),
    outcome      text        not null,
    settles_at   timestamptz,
    created_at   timestamptz not null,
    succeeded_at timestamptz,
    constraint sim_wechat_refund_number_is_used_once unique (account_id, number)
);
create index sim_wechat_refund_of_trade on sim_wechat_refund (trade_id);
create index sim_wechat_refund_due on sim_wechat_refund (settles_at) where state = 'PROCESSING';
comment on column sim_wechat_refund.amount is 'fen';
comment on column sim_wechat_refund.settles_at is 'when outcome becomes the state; never, if it waits for a person';
