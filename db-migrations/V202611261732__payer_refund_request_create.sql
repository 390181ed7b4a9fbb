-- Refunds that payers request at a provider, and that the merchant accepts or refuses (room refund).
create table payer_refund_request (
    merchant_id   uuid        not null references merchant,
    id            uuid        not null,
    version       bigint      not null,
    order_id      uuid        not null,
    attempt_id    uuid        not null,
    account_id    uuid        not null,
    mode          text        not null constraint payer_refund_request_mode_is_known check (mode in ('TEST', 'LIVE')),
    provider      text        not null,
    refund_id     text        not null,
    amount        bigint      not null constraint payer_refund_request_amount_is_positive check (amount > 0),
    currency      varchar(3)  not null,
    reason        text        not null,
    deadline      timestamptz not null,
    evidence      text        not null,
    created_at    timestamptz not null,

    state         text        not null
        constraint payer_refund_request_state_is_known check (
            state in ('OPEN', 'ACCEPTING', 'ACCEPTED', 'REFUSING', 'REFUSED', 'EXPIRED')),
    claim         uuid,
    lease_until   timestamptz,
    next_at       timestamptz,
    tries         int         not null,
    maybe_sent_at timestamptz,
    decided_by    text,
    decided_why   text,
    decided_at    timestamptz,
    refund        uuid,
    failure       text,
    finished_at   timestamptz,

    primary key (merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    foreign key (merchant_id, account_id) references provider_account (merchant_id, id),
    foreign key (merchant_id, refund) references refund (merchant_id, id),
    constraint payer_refund_request_is_stored_once unique (refund_id, merchant_id, provider),
    constraint payer_refund_request_accepted_has_a_refund
        check (state not in ('ACCEPTING', 'ACCEPTED') or refund is not null)
);
create index payer_refund_request_due on payer_refund_request (next_at asc) where next_at is not null;
create index payer_refund_request_of_order on payer_refund_request (order_id, merchant_id);
create index payer_refund_request_of_refund on payer_refund_request (refund, merchant_id) where refund is not null;
create index payer_refund_request_by_age on payer_refund_request (merchant_id, mode, created_at asc, id asc);
create index payer_refund_request_open on payer_refund_request (merchant_id, mode, created_at asc, id asc)
    where state = 'OPEN';
comment on column payer_refund_request.refund_id is 'the provider''s number for it';
comment on column payer_refund_request.deadline is 'from then on the provider decides by itself; three days after the request if it does not say when';
comment on column payer_refund_request.next_at is 'when the job does something about it; null: nothing is to be done';
comment on column payer_refund_request.maybe_sent_at is 'since when the decision may be at the provider: a call was sent, and its outcome is not known';
comment on column payer_refund_request.decided_why is 'the reason, which the payer reads if it was refused';
comment on column payer_refund_request.refund is 'the refund that it became; null: none, or that one was closed because the provider did not take the decision';
comment on column payer_refund_request.evidence is 'the provider''s message, JSON';
