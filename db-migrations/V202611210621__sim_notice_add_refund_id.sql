alter table sim_notice add column refund_id uuid references sim_wechat_refund;
comment on column sim_notice.refund_id is 'what it is about, if not the payment';
