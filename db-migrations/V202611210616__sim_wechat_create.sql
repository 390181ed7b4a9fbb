-- What WeChat Pay knows beyond what all simulated providers know. Test money and test keys only, like everything in sim_….
create table sim_wechat (
    account_id uuid primary key references sim_account,
    secret     text not null,
    sub_mchid  text not null,
    sub_appid  text not null,
    signs_with text not null
        constraint sim_wechat_signs_with_is_known check (signs_with in ('PUBLIC_KEY', 'CERTIFICATE'))
);
comment on column sim_wechat.secret is 'of the application, for its login';
comment on column sim_wechat.signs_with is 'differs from the account''s kind once its merchant number was switched';
create table sim_wechat_trade (
    trade_id   uuid    primary key references sim_trade,
    product    text    not null
        constraint sim_wechat_trade_product_is_known check (product in ('JSAPI', 'NATIVE', 'H5', 'APP', 'CODE')),
    partner    boolean not null,
    app_id     text    not null,
    sub_mchid  text    not null,
    sub_appid  text    not null,
    openid     text    not null,
    sub_openid text    not null,
    attach     text    not null,
    device_id  text    not null,
    client_ip  text    not null,
    refunded   bigint  not null default 0
        constraint sim_wechat_trade_refunded_is_not_negative check (refunded >= 0),
    refunds    int     not null default 0,
    outcome    text,
    decides_at timestamptz
);
comment on column sim_wechat_trade.refunded is 'fen, accepted and not closed since';
comment on column sim_wechat_trade.outcome is 'what comes of it at decides_at, while the payer types his password';
create table sim_wechat_prepay (
    prepay_id    text        primary key,
    trade_id     uuid        not null references sim_trade,
    made_at      timestamptz not null,
    redirect_url text        not null
);
create table sim_wechat_code (
    auth_code  text primary key,
    account_id uuid not null references sim_account,
    number     text not null,
    constraint sim_wechat_code_is_for_one_number unique (account_id, number)
);
