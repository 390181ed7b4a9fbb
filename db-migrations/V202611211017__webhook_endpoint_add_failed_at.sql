alter table webhook_endpoint add failed_at timestamptz;
comment on column webhook_endpoint.failed_at is 'the last failure since the last success';
