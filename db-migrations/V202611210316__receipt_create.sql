create table receipt (
    id             uuid        primary key,
    version        bigint      not null,
    order_id       uuid        not null references pay_order,
    attempt_id     uuid        not null references attempt,
    provider       text        not null,
    merchant_no    text        not null,
    transaction_id text        not null,
    amount         bigint      not null constraint receipt_amount_is_positive check (amount > 0),
    currency       varchar(3)  not null,
    kind           text        not null
        constraint receipt_kind_is_known check (kind in ('ORDER', 'LATE', 'DUPLICATE', 'AMOUNT_DIFFERS')),
    disposition    text        not null
        constraint receipt_disposition_is_known check (disposition in ('COUNTED', 'HELD', 'RETURNING', 'RETURNED')),
    reserved       bigint      not null,
    refunded       bigint      not null,
    paid_at        timestamptz not null,
    heard_at       timestamptz not null,
    evidence       text        not null,
    constraint receipt_transaction_is_used_once unique (provider, merchant_no, transaction_id),
    constraint receipt_gives_back_at_most_what_came
        check (0 <= refunded and refunded <= reserved and reserved <= amount)
);
create unique index receipt_only_one_is_counted on receipt (order_id) where disposition = 'COUNTED';
alter table pay_order add constraint pay_order_receipt_exists
    foreign key (paid_receipt) references receipt deferrable initially deferred;
comment on table receipt is 'money that arrived, on time or not';
comment on column receipt.evidence is 'what the provider said, word for word';
