alter table attempt add column close_at timestamptz;
update attempt set close_at = case when code_hash is null
    then (select o.expires_at from pay_order o where o.id = attempt.order_id) else expires_at end;
alter table attempt alter column close_at set not null;
drop index attempt_to_ask_about;
create index attempt_to_ask_about on attempt (account_id, next_ask_at) where next_ask_at is not null;
comment on column attempt.close_at is 'from then on it is closed at the provider: the order''s deadline, or the end of a payment code';
