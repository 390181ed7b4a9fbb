create table notification (
    id          uuid        primary key,
    account_id  uuid        not null references provider_account,
    order_id    uuid        references pay_order,
    verdict     text        not null
        constraint notification_verdict_is_known check (verdict in ('AUTHENTIC', 'NOT_APPLIED', 'FORGED')),
    repeat_key  text,
    kind        text,
    method      text        not null,
    raw_query   text        not null,
    headers     text        not null,
    body        bytea,
    reason      text,
    received_at timestamptz not null,
    constraint notification_forged_is_kept_without_body check (verdict <> 'FORGED' or body is null)
);
create unique index notification_is_applied_once on notification (account_id, repeat_key) where verdict = 'AUTHENTIC';
create index notification_of_order on notification (order_id) where order_id is not null;
comment on column notification.repeat_key is 'equal for every repetition of the same news';
