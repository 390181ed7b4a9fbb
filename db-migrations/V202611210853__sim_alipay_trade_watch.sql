alter table sim_alipay_trade drop column auth_code;
alter table sim_alipay_trade add column app_id text not null default '';
alter table sim_alipay_trade add column watch_at timestamptz;
alter table sim_alipay_trade add column closed_at timestamptz;
comment on column sim_alipay_trade.app_id is 'the application that made it; empty: the seller''s own';
comment on column sim_alipay_trade.watch_at is 'when to look whether its end has to be told; never, if its product tells of payments alone';
create index sim_alipay_trade_decides on sim_alipay_trade (decides_at) where decides_at is not null;
create index sim_alipay_trade_watched on sim_alipay_trade (watch_at) where watch_at is not null;
