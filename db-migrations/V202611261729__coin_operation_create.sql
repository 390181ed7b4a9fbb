-- Coins of users that a provider keeps: spent, given back and given by the merchant (room coin).
create table coin_operation (
    merchant_id uuid        not null references merchant,
    id          uuid        not null,
    account_id  uuid        not null,
    mode        text        not null constraint coin_operation_mode_is_known check (mode in ('TEST', 'LIVE')),
    kind        text        not null constraint coin_operation_kind_is_known check (kind in ('PAY', 'CANCEL', 'PRESENT')),
    number      text        not null,
    of_number   text        not null,
    number_made boolean     not null,
    maybe_done  boolean     not null,
    openid      text        not null,
    amount      bigint      not null constraint coin_operation_amount_is_positive check (amount > 0),
    details     text        not null,
    state       text        not null constraint coin_operation_state_is_known check (state in ('CALLING', 'UNKNOWN', 'REFUSED', 'DONE')),
    failure     text,
    result      text,
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    primary key (merchant_id, id),
    constraint coin_operation_number_is_used_once unique (number, merchant_id, mode, kind)
);
create index coin_operation_of_number on coin_operation (of_number, merchant_id, mode, kind);
create index coin_operation_by_age on coin_operation (created_at asc) where mode = 'TEST';
comment on column coin_operation.account_id is 'through which it was called first';
comment on column coin_operation.number is 'the merchant''s number at the provider, where it takes effect once';
comment on column coin_operation.of_number is 'CANCEL: the number under which the coins were spent; otherwise the number itself';
comment on column coin_operation.number_made is 'the caller sent no number of the cancellation; it follows from what is taken back';
comment on column coin_operation.maybe_done is 'an earlier call may have taken effect, so that a refusal of a later one proves nothing';
comment on column coin_operation.amount is 'coins';
comment on column coin_operation.details is 'what else the call named, JSON: a repetition must have the same';
comment on column coin_operation.state is 'CALLING, UNKNOWN: the provider may have done it, the same call is sent again; REFUSED: it did nothing; DONE';
comment on column coin_operation.result is 'DONE: what was answered, JSON';
