alter table merchant add column alipay_app_as_code boolean not null default false;
comment on column merchant.alipay_app_as_code is 'alipayAppPayToH5Pay of the vk-pay-config row: what a call leaves open';
