alter table sim_alipay_login add column open_id_only boolean not null default false;
comment on column sim_alipay_login.open_id_only is 'newer applications are not told the user id';
