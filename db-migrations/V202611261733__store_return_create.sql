-- What a provider's own store has returned to payers, and charged again, by the purchase (room notification): a report
-- counts whenever the purchase itself arrives. Written in the transaction that stores the store's message.
create table store_return (
    merchant_id    uuid        not null references merchant,
    id             uuid        not null,
    mode           text        not null constraint store_return_mode_is_known check (mode in ('TEST', 'LIVE')),
    provider       text        not null,
    merchant_no    text        not null,
    transaction_id text        not null,
    refund_no      text,
    thousandths    int         constraint store_return_is_a_share check (thousandths between 1 and 100000),
    happened_at    timestamptz not null,
    evidence       text        not null,
    created_at     timestamptz not null,
    primary key (merchant_id, id),
    constraint store_return_has_a_number_and_a_share check ((refund_no is null) = (thousandths is null)),
    constraint store_return_is_stored_once unique (transaction_id, merchant_id, mode, provider, merchant_no, refund_no)
);
create index store_return_by_age on store_return (created_at asc) where mode = 'TEST';
comment on column store_return.transaction_id is 'the store''s number of the purchase';
comment on column store_return.refund_no is 'of a return: tells it from another one of the same purchase; null: the store has charged the payer again';
comment on column store_return.thousandths is 'of a return: how much of the purchase, in thousandths of a percent';
comment on column store_return.happened_at is 'by the store''s clock; a return that is not younger than a later charge does not count any more';
comment on column store_return.evidence is 'the store''s own words: JSON';
