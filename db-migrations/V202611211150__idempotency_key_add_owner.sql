delete from idempotency_key; -- they live a day, and no money hangs on them
alter table idempotency_key
    drop constraint idempotency_key_is_used_once,
    drop column merchant_id,
    drop column mode,
    add column owner text not null,
    add constraint idempotency_key_is_used_once primary key (owner, key);
comment on column idempotency_key.owner is 'a merchant''s id and mode, or "manage" for the management API';
comment on column idempotency_key.answer is 'the body that was answered, every time the same bytes; sealed, because some answers hold secrets';
