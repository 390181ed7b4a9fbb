alter table webhook_delivery
    add next_at     timestamptz,
    add claim       uuid,
    add round_at    timestamptz,
    add round_tries int;
update webhook_delivery d
   set round_at    = d.created_at,
       round_tries = d.tries,
       next_at     = case d.state
                         when 'WAITING' then coalesce((select s.execution_time from scheduled_tasks s
                                                        where s.task_name = 'webhook-deliver'
                                                          and s.task_instance = d.id::text), now())
                     end;
delete from scheduled_tasks where task_name = 'webhook-deliver';
alter table webhook_delivery
    alter round_at set not null,
    alter round_tries set not null,
    add constraint webhook_delivery_waits_for_a_moment check ((state = 'WAITING') = (next_at is not null)),
    add constraint webhook_delivery_is_carried_while_it_waits check (claim is null or state = 'WAITING');
create index webhook_delivery_due on webhook_delivery (endpoint_id, next_at) where state = 'WAITING';
create index webhook_delivery_carried on webhook_delivery (endpoint_id) where claim is not null;
create index webhook_delivery_of_endpoint on webhook_delivery (endpoint_id, id);
comment on column webhook_delivery.next_at is 'when it is due; while somebody carries it (claim), when his lease ends';
comment on column webhook_delivery.round_at is 'when it was first sent, or last sent again by hand: patience counts from here';
