-- What the simulated WeChat Pay knows of its v2. Test keys only, like everything in sim_….
create table sim_wechat_v2_key (
    account_id uuid primary key references sim_account,
    api_key    text not null constraint sim_wechat_v2_key_has_32_characters check (length(api_key) = 32),
    pfx        text not null
);
comment on column sim_wechat_v2_key.pfx is 'the merchant''s certificate as he downloads it: PKCS#12 in Base64, its password the merchant number';
create table sim_wechat_v2_asked (
    id        uuid primary key,
    sign_type text not null
        constraint sim_wechat_v2_asked_sign_type_is_known check (sign_type in ('MD5', 'HMAC-SHA256'))
);
comment on table sim_wechat_v2_asked is 'payments and refunds that were asked for through v2, and are told in its words';
comment on column sim_wechat_v2_asked.id is 'of the trade or the refund';
