alter table webhook_event
    add merchant_id uuid references merchant,
    add mode        text constraint webhook_event_mode_is_known check (mode in ('TEST', 'LIVE'));
update webhook_event e set merchant_id = o.merchant_id, mode = o.mode from pay_order o where o.id = e.order_id;
alter table webhook_event
    alter merchant_id set not null,
    alter mode set not null,
    alter order_id drop not null,
    add constraint webhook_event_is_of_an_order_or_a_test check ((order_id is null) = (type = 'webhook.test'));
create index webhook_event_of_merchant on webhook_event (merchant_id, mode, created_at);
comment on column webhook_event.subject is 'what it is about: the order, a receipt or a refund; a test is about itself';
