alter table sim_trade drop constraint sim_trade_state_is_known;
alter table sim_trade add constraint sim_trade_state_is_known
    check (state in ('UNSCANNED', 'NOTPAY', 'USERPAYING', 'SUCCESS', 'PAYERROR', 'REVOKED', 'CLOSED'));
