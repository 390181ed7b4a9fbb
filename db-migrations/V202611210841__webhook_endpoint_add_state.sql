alter table webhook_endpoint
    add old_sealed       text,
    add old_until        timestamptz,
    add disabled_at      timestamptz,
    add disabled_because text
        constraint webhook_endpoint_disabled_because_is_known check (disabled_because in ('GONE', 'FAILING', 'BY_HAND')),
    add failing_since    timestamptz,
    add failures         int not null default 0,
    add paused_until     timestamptz;
alter table webhook_endpoint alter failures drop default;
update webhook_endpoint set disabled_at = created_at, disabled_because = 'BY_HAND' where not enabled;
alter table webhook_endpoint
    add constraint webhook_endpoint_says_why_it_is_disabled
        check (enabled = (disabled_at is null) and enabled = (disabled_because is null)),
    add constraint webhook_endpoint_fails_since_its_first_failure check ((failures = 0) = (failing_since is null)),
    add constraint webhook_endpoint_old_secret_ends check ((old_sealed is null) = (old_until is null));
comment on column webhook_endpoint.old_sealed is 'the secret before this one, used as well until old_until';
comment on column webhook_endpoint.failing_since is 'the first failure since the last success';
comment on column webhook_endpoint.paused_until is 'nothing is sent before, because it asked for that (Retry-After)';
