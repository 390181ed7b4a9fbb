create index pay_order_of_transaction on pay_order (transaction_id) where transaction_id is not null;
