alter table pay_order add callback text;
alter table refund add callback text;
alter table webhook_delivery add payload text;
comment on column pay_order.callback is 'the name of the endpoint that is told of its payment in CloudPay''s shape; null: none';
comment on column refund.callback is 'the name of the endpoint that is told of it in CloudPay''s shape; null: none';
comment on column webhook_delivery.payload is 'the body for this endpoint where it is not the event''s own';
