create index receipt_of_order on receipt (order_id);
alter table receipt add constraint receipt_that_counts_is_the_orders check ((kind = 'ORDER') = (disposition = 'COUNTED'));
