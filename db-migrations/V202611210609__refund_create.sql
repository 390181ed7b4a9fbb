create table refund (
    id            uuid        primary key,
    version       bigint      not null,
    order_id      uuid        not null references pay_order,
    receipt_id    uuid        not null references receipt,
    merchant_id   uuid        not null references merchant,
    mode          text        not null constraint refund_mode_is_known check (mode in ('TEST', 'LIVE')),
    n             int         not null constraint refund_n_is_positive check (n > 0),
    out_refund_no text        not null
        constraint refund_out_refund_no_is_allowed check (out_refund_no ~ '^[0-9A-Za-z_|*@-]{1,80}$'),
    provider      text        not null,
    merchant_no   text        not null,
    refund_no     text        not null,
    amount        bigint      not null constraint refund_amount_is_positive check (amount > 0),
    currency      varchar(3)  not null,
    reason        text        not null,
    state         text        not null
        constraint refund_state_is_known
            check (state in ('ASKING', 'UNKNOWN', 'PROCESSING', 'SUCCEEDED', 'ABNORMAL', 'CLOSED', 'FAILED')),
    claim         uuid,
    lease_until   timestamptz,
    next_ask_at   timestamptz,
    asks          int         not null,
    refund_id     text,
    cash_amount   bigint,
    failure       text,
    evidence      text,
    created_at    timestamptz not null,
    finished_at   timestamptz,
    constraint refund_n_is_used_once unique (order_id, n),
    constraint refund_out_refund_no_is_used_once unique (merchant_id, mode, out_refund_no),
    constraint refund_no_is_used_once unique (provider, merchant_no, refund_no),
    constraint refund_asking_is_claimed check (state <> 'ASKING' or (claim is not null and lease_until is not null)),
    constraint refund_success_has_evidence check (state <> 'SUCCEEDED' or evidence is not null)
);
create index refund_to_ask_about on refund (next_ask_at) where next_ask_at is not null;
comment on column refund.out_refund_no is 'the merchant''s own number for it';
comment on column refund.refund_no is 'the number it carries at the provider';
comment on column refund.amount is 'minor units of currency: 990 is 9.90 CNY';
comment on column refund.cash_amount is 'how much of it was the payer''s own money, as far as the provider says';
