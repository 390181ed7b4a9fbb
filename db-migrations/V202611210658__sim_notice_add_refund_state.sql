alter table sim_notice add column refund_state text;
comment on column sim_notice.refund_state is 'the refund''s state that it tells, whatever became of the refund since';
