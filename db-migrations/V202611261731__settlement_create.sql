-- Money that a provider keeps until it is settled (room settlement).
create table settlement (
    merchant_id    uuid        not null references merchant,
    id             uuid        not null,
    version        bigint      not null,
    order_id       uuid        not null,
    receipt_id     uuid        not null,
    attempt_id     uuid        not null,
    account_id     uuid        not null,
    mode           text        not null constraint settlement_mode_is_known check (mode in ('TEST', 'LIVE')),
    provider       text        not null,
    merchant_no    text        not null,
    settlement_no  text        not null,
    amount         bigint      not null constraint settlement_amount_is_not_negative check (amount >= 0),
    currency       varchar(3)  not null,
    paid_at        timestamptz not null,
    due_at         timestamptz,
    created_at     timestamptz not null,

    state          text        not null
        constraint settlement_state_is_known check (
            state in ('WAITING', 'REQUESTING', 'UNKNOWN', 'PROCESSING', 'SETTLED', 'FAILED', 'NOT_NEEDED')),
    claim          uuid,
    lease_until    timestamptz,
    next_at        timestamptz,
    tries          int         not null,
    asked_by       text,
    tried_since    timestamptz,
    maybe_sent_at  timestamptz,
    person_required boolean    not null,
    settled_by     text
        constraint settlement_settled_by_is_known check (settled_by in ('SCHEDULE', 'PERSON', 'PROVIDER')),
    settlement_id  text,
    settled_amount bigint,
    parts          text        not null,
    failure        text,
    evidence       text,
    finished_at    timestamptz,

    primary key (merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    foreign key (merchant_id, receipt_id) references receipt (merchant_id, id),
    foreign key (merchant_id, account_id) references provider_account (merchant_id, id),
    constraint settlement_of_a_receipt_is_one unique (receipt_id, merchant_id),
    constraint settlement_request_is_claimed
        check (state <> 'REQUESTING' or (claim is not null and lease_until is not null)),
    constraint settlement_maybe_sent_does_not_wait check (maybe_sent_at is null or state <> 'WAITING'),
    constraint settlement_settled_has_evidence
        check (state <> 'SETTLED' or (evidence is not null and settled_by is not null and finished_at is not null)),
    constraint settlement_not_needed_is_of_nothing check (state <> 'NOT_NEEDED' or amount = 0)
);
create index settlement_of_order on settlement (order_id asc, merchant_id asc);
create index settlement_by_id on settlement (id asc); -- new rows over all merchants
create index settlement_due on settlement (next_at asc) where next_at is not null;
create index settlement_unsettled on settlement (merchant_id, mode, paid_at asc, id asc)
    where state not in ('SETTLED', 'NOT_NEEDED');
create index settlement_by_age on settlement (merchant_id, mode, paid_at asc, id asc);
create index settlement_unsent_of_account on settlement (account_id, merchant_id) where state in ('WAITING', 'FAILED');
comment on column settlement.settlement_no is 'the number that it carries at the provider';
comment on column settlement.amount is 'minor units of currency: what is left of the payment after refunds and parts, or what was requested';
comment on column settlement.due_at is 'from then on it is settled without a person, by the account''s settleAfterDays; null: only a person settles it';
comment on column settlement.next_at is 'when the job does something about it; null: only a person or a report of the provider does';
comment on column settlement.asked_by is 'the person who has requested it; null: no person has';
comment on column settlement.tried_since is 'since when it is tried; null: it was never tried, or has failed';
comment on column settlement.maybe_sent_at is 'since when it may be at the provider without our knowledge: a call was sent, and its outcome is not known';
comment on column settlement.person_required is 'whether a person was required because it was tried in vain for long';
comment on column settlement.settled_amount is 'minor units: what the provider says that was paid out, which can be less by its fees; null: it does not say';
comment on column settlement.parts is 'what the provider says that was paid out of it by other requests than ours: number=minor units, each after a space';
comment on column settlement.evidence is 'the provider''s latest report, JSON';
