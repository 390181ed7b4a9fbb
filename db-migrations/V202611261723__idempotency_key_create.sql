-- Calls that come twice (room idempotency).
create table idempotency_key (
    owner       text        not null,
    key         text        not null
        constraint idempotency_key_is_visible_ascii check (key ~ '^[\x21-\x7e]{1,255}$'),
    call        text        not null,
    body_hash   text        not null,
    seed        uuid        not null,
    claim       uuid,
    lease_until timestamptz,
    status      int,
    media_type  text,
    answer      text,
    created_at  timestamptz not null,
    constraint idempotency_key_is_used_once primary key (owner, key),
    constraint idempotency_key_runs_or_has_its_answer check (
        (claim is not null and lease_until is not null and status is null and media_type is null and answer is null)
        or (claim is null and lease_until is null and status is not null and media_type is not null and answer is not null))
);
create index idempotency_key_by_age on idempotency_key (created_at asc);
comment on column idempotency_key.owner is 'a merchant''s id and mode, or "manage" for the management API';
comment on column idempotency_key.body_hash is 'SHA-256 of the request body in hex; the body itself is not kept';
comment on column idempotency_key.seed is 'values that the call makes up, such as the number of a refund, are made of this';
comment on column idempotency_key.lease_until is 'until then no other request carries the call out; after it the next one does';
comment on column idempotency_key.answer is 'the body that was answered, every time the same bytes; sealed, because some answers hold secrets';
