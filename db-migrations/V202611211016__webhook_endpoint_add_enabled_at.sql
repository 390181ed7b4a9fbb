alter table webhook_endpoint add enabled_at timestamptz;
comment on column webhook_endpoint.enabled_at is 'when it was last enabled or given another address; what was tried before says nothing of it';
