alter table attempt add column provider_code text;
comment on column attempt.provider_code is 'the code with which the provider refused, in its own spelling';
