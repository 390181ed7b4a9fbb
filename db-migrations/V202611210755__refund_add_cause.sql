alter table refund add column cause text not null default 'MERCHANT'
    constraint refund_cause_is_known check (cause in ('MERCHANT', 'LATE', 'DUPLICATE'));
alter table refund alter column cause drop default;
comment on column refund.cause is 'why it was asked for: by the merchant, or by his policy for money that came late or twice';
