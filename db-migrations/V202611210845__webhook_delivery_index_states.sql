create index webhook_delivery_on_its_way on webhook_delivery (created_at) where state = 'WAITING';
create index webhook_delivery_that_was_given_up on webhook_delivery (created_at) where state = 'GIVEN_UP';
