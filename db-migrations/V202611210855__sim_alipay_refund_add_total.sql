alter table sim_alipay_refund add column total bigint;
update sim_alipay_refund r set total = coalesce((
    select sum(o.amount) from sim_alipay_refund o
    where o.trade_id = r.trade_id and o.shown and (o.at, o.id) <= (r.at, r.id)), 0);
alter table sim_alipay_refund alter column total set not null;
comment on column sim_alipay_refund.total is 'fen, what had gone back of the trade with this refund';
