-- Money that is returned to the payer (room refund).
create table refund (
    merchant_id   uuid        not null references merchant,
    id            uuid        not null,
    version       bigint      not null,
    order_id      uuid        not null,
    receipt_id    uuid        not null,
    account_id    uuid        not null,
    mode          text        not null constraint refund_mode_is_known check (mode in ('TEST', 'LIVE')),
    n             int         not null constraint refund_n_is_positive check (n > 0),
    out_refund_no text        not null
        constraint refund_out_refund_no_is_allowed check (out_refund_no ~ '^[0-9A-Za-z_|*@-]{1,80}$'),
    number_made   boolean     not null,
    provider      text        not null,
    merchant_no   text        not null,
    refund_no     text        not null,
    amount        bigint      not null
        constraint refund_amount_is_positive check (amount > 0 or (amount = 0 and cause = 'EXTERNAL')),
    returns_all   boolean     not null,
    currency      varchar(3)  not null,
    reason        text        not null,
    cause         text        not null
        constraint refund_cause_is_known check (cause in ('MERCHANT', 'LATE', 'DUPLICATE', 'HELD', 'EXTERNAL')),
    callback      text,
    created_at    timestamptz not null,

    state         text        not null
        constraint refund_state_is_known check (
            state in (
                'REQUESTING', 'UNKNOWN', 'WAITING', 'PROCESSING', 'SUCCEEDED', 'ABNORMAL', 'CLOSED', 'FAILED')),
    claim         uuid,
    lease_until   timestamptz,
    next_query_at timestamptz,
    queries       int         not null,
    maybe_sent_at timestamptz,
    unknown_since timestamptz,
    refund_id     text,
    cash_amount   bigint,
    failure       text,
    concerns      text[]      not null,
    evidence      text,
    reports       text,
    finished_at   timestamptz,

    primary key (merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    foreign key (merchant_id, receipt_id) references receipt (merchant_id, id),
    foreign key (merchant_id, account_id) references provider_account (merchant_id, id),
    constraint refund_n_is_used_once unique (order_id, merchant_id, n),
    constraint refund_out_refund_no_is_used_once unique (out_refund_no, merchant_id, mode),
    constraint refund_no_is_used_once unique (provider, merchant_no, refund_no),
    constraint refund_request_is_claimed
        check (state <> 'REQUESTING' or (claim is not null and lease_until is not null)),
    constraint refund_maybe_sent_ends_by_a_report check (maybe_sent_at is null or state not in ('WAITING', 'FAILED')),
    constraint refund_success_has_evidence check (state <> 'SUCCEEDED' or evidence is not null)
);
create index refund_by_id on refund (id asc); -- new rows over all merchants
create index refund_of_receipt on refund (receipt_id, merchant_id);
create index refund_by_refund_id on refund (refund_id, merchant_id) where refund_id is not null;
create index refund_due on refund (next_query_at asc) where next_query_at is not null;
comment on column refund.account_id is 'the account through which its money came, and through which it is refunded';
comment on column refund.out_refund_no is 'the merchant''s number for it';
comment on column refund.number_made is 'whether out_refund_no was made here, because the merchant gave none';
comment on column refund.refund_no is 'the number that it carries at the provider';
comment on column refund.refund_id is 'the provider''s number for it';
comment on column refund.maybe_sent_at is 'since when it may be at the provider without our knowledge: a call was sent, and its outcome is not known';
comment on column refund.unknown_since is 'since when its outcome is unknown, whatever has failed since; null: it is known';
comment on column refund.concerns is 'why a person was required because of it (Refund.Concern); once for each';
comment on column refund.amount is 'minor units of currency: 990 is 9.90 CNY; 0 only of a payment in a provider''s store whose order has no amount, or of a small part';
comment on column refund.returns_all is 'whether the provider says that nothing of the payment is left, which its amount need not show';
comment on column refund.cash_amount is 'minor units: how much of it was the payer''s own money, if the provider reports it';
comment on column refund.cause is 'requested by the merchant, by its policy for late and duplicate payments, or by a decision about held money, or not here: by the provider or its payer';
comment on column refund.callback is 'the name of the endpoint that receives the result in CloudPay''s form; null: none';
comment on column refund.evidence is 'the provider''s latest report, JSON';
comment on column refund.reports is 'all its reports as one JSON object: a later value replaces an earlier one of the same name';
