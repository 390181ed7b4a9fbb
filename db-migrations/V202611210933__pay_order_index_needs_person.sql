create index pay_order_for_a_person on pay_order (created_at) where needs_person is not null;
