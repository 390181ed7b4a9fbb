-- What providers sent (room notification). In partitions by month, like order_event.
create table notification (
    merchant_id uuid        not null,
    id          uuid        not null,
    account_id  uuid        not null,
    order_id    uuid,
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
    primary key (merchant_id, id),
    constraint notification_forged_is_kept_without_body check (verdict <> 'FORGED' or body is null)
) partition by range (id);
create table notification_default partition of notification default;
create index notification_of_order on notification (order_id, merchant_id) where order_id is not null;
comment on table notification is 'each message as it came';
comment on column notification.repeat_key is 'equal for every repetition of the same message';
comment on column notification.reason is 'why it was refused or could not be applied';

-- Not in partitions, because a unique key there would have to contain the id. Written in the transaction that applies the message.
create table notification_applied (
    merchant_id     uuid        not null,
    account_id      uuid        not null,
    repeat_key      text        not null,
    notification_id uuid        not null,
    applied_at      timestamptz not null,
    constraint notification_is_applied_once primary key (merchant_id, account_id, repeat_key),
    foreign key (merchant_id, account_id) references provider_account (merchant_id, id)
);
create index notification_applied_by_age on notification_applied (applied_at asc);
comment on table notification_applied is 'which messages were applied: a repetition is acknowledged and changes nothing';
