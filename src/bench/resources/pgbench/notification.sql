-- The statements of one notification that pays an order, in one transaction, on the frozen tables of tables.sql. FROZEN like them.
select nextval('next_number') as n \gset
select order_id as o, attempt_id as a from numbers where n = :n \gset
begin;
select * from pay_order where id = ':o' for no key update;
select * from attempt where id = ':a' for no key update;
select id from notification where account_id = ':a' and repeat_key = ':o';
select * from receipt where provider = 'alipay' and merchant_no = '1' and transaction_id = ':o';
insert into notification select gen_random_uuid(), ':a', ':o', 'AUTHENTIC', ':o', 'k', 'POST', '', '{}', decode(repeat('00', 900), 'hex'), null, now();
insert into receipt select gen_random_uuid(), 0, ':o', ':a', 'alipay', '1', ':o', 990, 'CNY', 'ORDER', 'COUNTED', 0, 0, now(), now(), repeat('x', 700);
update attempt set state = 'PAID', version = version + 1, next_ask_at = null where id = ':a';
update pay_order set version = version + 1, transaction_id = ':o', notify_mode = 1 where id = ':o';
insert into order_event values (gen_random_uuid(), ':o', ':a', now(), 'money.order', repeat('x', 700));
insert into webhook_event values (gen_random_uuid(), ':o', 'payment.paid', ':o', repeat('x', 1500), now(), ':o', 'LIVE');
commit;
