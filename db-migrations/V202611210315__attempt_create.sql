create table attempt (
    id            uuid        primary key,
    version       bigint      not null,
    order_id      uuid        not null references pay_order,
    n             int         not null constraint attempt_n_is_positive check (n > 0),
    account_id    uuid        not null references provider_account,
    provider      text        not null,
    merchant_no   text        not null,
    pay_type      text        not null,
    attempt_no    text        not null,
    request       text        not null,
    same_request  text        not null,
    state         text        not null
        constraint attempt_state_is_known
            check (state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING', 'PAYABLE', 'FAILED', 'CLOSED', 'PAID')),
    claim         uuid,
    lease_until   timestamptz,
    prompt        text,
    expires_at    timestamptz not null,
    failure       text,
    next_ask_at   timestamptz,
    asked_at      timestamptz,
    asks          int         not null,
    created_at    timestamptz not null,
    constraint attempt_n_is_used_once unique (order_id, n),
    constraint attempt_no_is_used_once unique (provider, merchant_no, attempt_no),
    constraint attempt_shows_what_it_got check (state <> 'SHOWN' or prompt is not null),
    constraint attempt_call_is_claimed check (state <> 'CALLING' or (claim is not null and lease_until is not null))
);
create unique index attempt_only_one_is_live on attempt (order_id)
    where state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING');
create index attempt_to_ask_about on attempt (next_ask_at) where next_ask_at is not null;
comment on column attempt.attempt_no is 'the number this try carries at the provider';
comment on column attempt.request is 'what we ask the provider for, JSON, so that a repeat after a crash sends the same';
comment on column attempt.same_request is 'equal for calls that want the same: provider, pay type, account and extra parameters';
comment on column attempt.expires_at is 'the provider''s own expiry: after it nobody can pay';
