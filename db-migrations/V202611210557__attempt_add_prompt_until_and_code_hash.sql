alter table attempt add prompt_until timestamptz;
alter table attempt add code_hash text constraint attempt_code_is_used_once unique;
comment on column attempt.prompt_until is 'until when the provider honours what is shown; null: as long as the attempt lives';
comment on column attempt.code_hash is 'SHA-256 of the payment code; the code itself is never written down';
