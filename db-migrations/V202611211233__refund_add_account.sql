alter table refund add column account_id uuid references provider_account;
update refund set account_id = a.account_id from receipt r join attempt a on a.id = r.attempt_id where r.id = refund.receipt_id;
alter table refund alter column account_id set not null;
drop index refund_to_ask_about;
create index refund_to_ask_about on refund (account_id, next_ask_at) where next_ask_at is not null;
comment on column refund.account_id is 'through which its money came, and goes back';
