-- The simulator's own records (room simulator). No other room reads them; they hold test money and test keys only. Rows that
-- belong to a trade are deleted with it.
create table sim_platform (
    provider    text primary key,
    private_key text not null,
    public_key  text not null,
    certificate text not null,
    serial      text not null
);
create table sim_account (
    id          uuid primary key,
    merchant_id uuid not null,
    provider    text not null,
    kind        text not null constraint sim_account_kind_is_known check (kind in ('KEY', 'CERTIFICATE')),
    mch_no      text not null,
    app_id      text not null,
    public_key  text not null,
    serial      text not null,
    v3_key      text not null,
    node        text not null,
    pid         text not null,
    constraint sim_account_is_opened_once unique (merchant_id, provider, kind),
    constraint sim_account_mch_no_is_used_once unique (provider, mch_no)
);
comment on column sim_account.pid is 'the merchant''s name, from which the numbers are derived';
create table sim_trade (
    id             uuid        primary key,
    account_id     uuid        not null references sim_account,
    provider       text        not null,
    number         text        not null,
    code           text        not null constraint sim_trade_code_is_used_once unique,
    amount         bigint      not null,
    subject        text        not null,
    notify_url     text        not null,
    request        text        not null,
    state          text        not null
        constraint sim_trade_state_is_known
            check (state in ('UNSCANNED', 'NOTPAY', 'USERPAYING', 'SUCCESS', 'PAYERROR', 'REVOKED', 'CLOSED')),
    reported       bigint      not null,
    transaction_id text        not null,
    faults         text        not null,
    expires_at     timestamptz not null,
    created_at     timestamptz not null,
    paid_at        timestamptz,
    constraint sim_trade_number_is_used_once unique (account_id, number)
);
create index sim_trade_by_number on sim_trade (number);
create table sim_notice (
    id           uuid        primary key,
    trade_id     uuid        not null references sim_trade on delete cascade,
    notice_no    text        not null,
    forged       boolean     not null,
    refund_id    uuid,
    refund_state text,
    tries        int         not null,
    next_at      timestamptz,
    status       int,
    answer       text
);
create index sim_notice_of_trade on sim_notice (trade_id);
create index sim_notice_due on sim_notice (next_at asc) where next_at is not null;
comment on table sim_notice is 'notifications that the simulated providers send';
comment on column sim_notice.refund_id is 'what it is about, if not the payment';
comment on column sim_notice.refund_state is 'the refund''s state that it reports, whatever became of the refund since';
create table sim_dial (
    number  text        primary key,
    faults  text        not null,
    made_at timestamptz not null
);
create index sim_dial_by_age on sim_dial (made_at asc);
comment on table sim_dial is 'the faults that a test chose for an order';
create table sim_log (
    id         uuid        primary key,
    account_id uuid        not null references sim_account,
    number     text        not null,
    at         timestamptz not null,
    way        text        not null
        constraint sim_log_way_is_known
            check (way in ('CALL', 'ANSWER', 'NOTIFICATION', 'ACKNOWLEDGEMENT', 'PAYER', 'EVENT')),
    what       text        not null,
    verdict    text        not null
        constraint sim_log_verdict_is_known
            check (verdict in ('RIGHT', 'WRONG', 'SIGNED', 'FORGED', 'ENCRYPTED', 'NONE', 'ACKNOWLEDGED', 'REFUSED',
                'REFUSED_LAST', 'REFUSED_FORGED', 'ACCEPTED_FORGED', 'LOST', 'LOST_LAST')),
    why        text        not null,
    status     int         not null,
    headers    text        not null,
    body       text        not null,
    plain      text        not null
);
create index sim_log_of_order on sim_log (account_id, number, id desc);
comment on table sim_log is 'every request and response of the simulated providers';
comment on column sim_log.number is 'the merchant''s number of the order';
comment on column sim_log.what is 'method and address; of an event its name';
comment on column sim_log.status is 'HTTP; 0: it has none';
comment on column sim_log.plain is 'what was encrypted in the body';
create table sim_payer (
    account_id uuid   not null references sim_account,
    payer      text   not null,
    balance    bigint not null constraint sim_payer_balance_is_not_negative check (balance >= 0),
    primary key (account_id, payer)
);
comment on table sim_payer is 'the simulated payers'' money; each merchant''s account has payers of its own';
comment on column sim_payer.balance is 'fen';

-- WeChat: what its applications share, whatever they sell with.
create table sim_wechat_app (
    app_id      text primary key,
    merchant_id uuid not null,
    kind        text not null constraint sim_wechat_app_kind_is_known check (kind in ('KEY', 'CERTIFICATE')),
    sub_app_id  text not null constraint sim_wechat_app_sub_app_id_is_used_once unique,
    secret      text not null,
    token_calls int  not null default 0,
    constraint sim_wechat_app_is_made_once unique (merchant_id, kind)
);
comment on table sim_wechat_app is 'merchants'' applications; accounts at WeChat Pay and at virtual payment share them';
comment on column sim_wechat_app.kind is 'of the accounts that use it';
comment on column sim_wechat_app.sub_app_id is 'the application of the merchant''s sub-merchant; it has the same secret';
comment on column sim_wechat_app.token_calls is 'how often an access token was requested';
create table sim_wechat_login (
    code     text        primary key,
    app_id   text        not null,
    openid   text        not null,
    kind     text        not null constraint sim_wechat_login_kind_is_known check (kind in ('PAGE', 'MINI_PROGRAM')),
    scope    text        not null,
    snapshot boolean     not null,
    errcode  int         not null,
    made_at  timestamptz not null,
    used_at  timestamptz
);
create index sim_wechat_login_by_age on sim_wechat_login (made_at asc);
comment on column sim_wechat_login.errcode is 'the answer to its exchange, chosen by a test; 0 is the openid';
create table sim_wechat_session (
    app_id      text        not null,
    openid      text        not null,
    session_key text        not null,
    made_at     timestamptz not null,
    expired     boolean     not null,
    primary key (app_id, openid)
);
comment on column sim_wechat_session.expired is 'a test has ended it; by itself it does not end';
create table sim_wechat_token (
    token      text        primary key,
    app_id     text        not null,
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    forced     boolean     not null,
    ended      boolean     not null
);
create index sim_wechat_token_of_app on sim_wechat_token (app_id, expires_at desc);
create index sim_wechat_token_by_age on sim_wechat_token (made_at asc);
comment on column sim_wechat_token.forced is 'requested with force_refresh';
comment on column sim_wechat_token.ended is 'a forced one has replaced it, or a test has ended it';

-- WeChat Pay.
create table sim_wechat (
    account_id uuid primary key references sim_account,
    sub_mchid  text not null,
    signs_with text not null
        constraint sim_wechat_signs_with_is_known check (signs_with in ('PUBLIC_KEY', 'CERTIFICATE'))
);
comment on column sim_wechat.signs_with is 'differs from the account''s kind once its merchant number was switched';
create table sim_wechat_trade (
    trade_id   uuid        primary key references sim_trade on delete cascade,
    product    text        not null
        constraint sim_wechat_trade_product_is_known check (product in ('JSAPI', 'NATIVE', 'H5', 'APP', 'CODE')),
    partner    boolean     not null,
    app_id     text        not null,
    sub_mchid  text        not null,
    sub_appid  text        not null,
    openid     text        not null,
    sub_openid text        not null,
    attach     text        not null,
    device_id  text        not null,
    client_ip  text        not null,
    refunded   bigint      not null default 0
        constraint sim_wechat_trade_refunded_is_not_negative check (refunded >= 0),
    refunds    int         not null default 0,
    outcome    text,
    decides_at timestamptz
);
comment on column sim_wechat_trade.refunded is 'fen, accepted and not closed since';
comment on column sim_wechat_trade.outcome is 'its state from decides_at on, while the payer types the password';
create table sim_wechat_prepay (
    prepay_id    text        primary key,
    trade_id     uuid        not null references sim_trade on delete cascade,
    made_at      timestamptz not null,
    redirect_url text        not null
);
create index sim_wechat_prepay_of_trade on sim_wechat_prepay (trade_id);
create table sim_wechat_code (
    auth_code  text        primary key,
    account_id uuid        not null references sim_account,
    number     text        not null,
    made_at    timestamptz not null,
    constraint sim_wechat_code_is_for_one_number unique (account_id, number)
);
create index sim_wechat_code_by_age on sim_wechat_code (made_at asc);
create table sim_wechat_refund (
    id           uuid        primary key,
    account_id   uuid        not null references sim_account,
    trade_id     uuid        not null references sim_trade on delete cascade,
    number       text        not null,
    refund_id    text        not null,
    amount       bigint      not null constraint sim_wechat_refund_amount_is_positive check (amount > 0),
    request      text        not null,
    notify_url   text        not null,
    state        text        not null
        constraint sim_wechat_refund_state_is_known check (state in ('PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED')),
    outcome      text        not null,
    settles_at   timestamptz,
    created_at   timestamptz not null,
    succeeded_at timestamptz,
    constraint sim_wechat_refund_number_is_used_once unique (account_id, number)
);
create index sim_wechat_refund_of_trade on sim_wechat_refund (trade_id);
create index sim_wechat_refund_due on sim_wechat_refund (settles_at asc) where state = 'PROCESSING';
comment on column sim_wechat_refund.amount is 'fen';
comment on column sim_wechat_refund.settles_at is 'when outcome becomes the state; null: it waits for a person';
create table sim_wechat_bill (
    token      text        primary key,
    account_id uuid        not null references sim_account,
    made_at    timestamptz not null,
    gzip       boolean     not null,
    content    text        not null
);
create index sim_wechat_bill_by_age on sim_wechat_bill (made_at asc);
create table sim_wechat_v2_key (
    account_id uuid primary key references sim_account,
    api_key    text not null constraint sim_wechat_v2_key_has_32_characters check (length(api_key) = 32),
    pfx        text not null
);
comment on column sim_wechat_v2_key.pfx is 'the merchant''s certificate as it is downloaded: PKCS#12 in Base64, its password the merchant number';
create table sim_wechat_v2_asked (
    id        uuid primary key,
    sign_type text not null
        constraint sim_wechat_v2_asked_sign_type_is_known check (sign_type in ('MD5', 'HMAC-SHA256'))
);
comment on table sim_wechat_v2_asked is 'payments and refunds that were requested through v2, and are reported in its words';
comment on column sim_wechat_v2_asked.id is 'of the trade or the refund';

-- Alipay.
create table sim_alipay_trade (
    trade_id   uuid        primary key references sim_trade on delete cascade,
    product    text        not null,
    return_url text        not null,
    quit_url   text        not null,
    app_id     text        not null,
    decides_at timestamptz,
    decision   text        constraint sim_alipay_trade_decision_is_known check (decision in ('PAY', 'CLOSE')),
    watch_at   timestamptz,
    closed_at  timestamptz
);
create index sim_alipay_trade_decides on sim_alipay_trade (decides_at asc) where decides_at is not null;
create index sim_alipay_trade_watched on sim_alipay_trade (watch_at asc) where watch_at is not null;
comment on column sim_alipay_trade.app_id is 'the application that made it; empty: the seller''s own';
comment on column sim_alipay_trade.decides_at is 'when the payer at the point of sale has decided';
comment on column sim_alipay_trade.watch_at is 'when to check whether its end must be reported; null: its product reports payments alone';
create table sim_alipay_refund (
    id         uuid        primary key,
    trade_id   uuid        not null references sim_trade on delete cascade,
    request_no text        not null,
    amount     bigint      not null constraint sim_alipay_refund_amount_is_positive check (amount > 0),
    total      bigint      not null,
    reason     text        not null,
    shown      boolean     not null,
    at         timestamptz not null,
    constraint sim_alipay_refund_number_is_used_once unique (trade_id, request_no)
);
comment on column sim_alipay_refund.total is 'fen, refunded of the trade up to and with this refund';
comment on column sim_alipay_refund.shown is 'false: it failed after it was accepted, and queries do not show it';
create table sim_alipay_code (
    auth_code  text        primary key,
    account_id uuid        not null references sim_account,
    number     text        not null,
    made_at    timestamptz not null
);
create index sim_alipay_code_by_age on sim_alipay_code (made_at asc);
create table sim_alipay_login (
    code         text        primary key,
    app_id       text        not null,
    open_id_only boolean     not null,
    made_at      timestamptz not null,
    used         boolean     not null
);
create index sim_alipay_login_by_age on sim_alipay_login (made_at asc);
comment on column sim_alipay_login.open_id_only is 'newer applications do not receive the user id';
create table sim_alipay_authorization (
    token          text primary key,
    application_id uuid not null references sim_account
        constraint sim_alipay_authorization_is_given_once unique,
    seller_id      uuid not null references sim_account
);
comment on table sim_alipay_authorization is 'an application may act for another seller';
create table sim_alipay_bill (
    token     text        primary key,
    made_at   timestamptz not null,
    file_name text        not null,
    content   bytea       not null
);
create index sim_alipay_bill_by_age on sim_alipay_bill (made_at asc);

-- VksPay.
create table sim_vkspay_trade (
    trade_id   uuid primary key references sim_trade on delete cascade,
    dialect    text not null
        constraint sim_vkspay_trade_dialect_is_known check (dialect in ('vkspay', 'epay-v1', 'epay-v2')),
    wallet     text not null,
    param      text not null,
    return_url text not null,
    client_ip  text not null
);
comment on column sim_vkspay_trade.wallet is 'empty: the payer chooses';
comment on column sim_vkspay_trade.param is 'returned with notifications; empty: none';
create table sim_vkspay_refund (
    id            uuid        primary key,
    trade_id      uuid        not null references sim_trade on delete cascade,
    refund_no     text        not null constraint sim_vkspay_refund_number_is_used_once unique,
    out_refund_no text        not null,
    amount        bigint      not null constraint sim_vkspay_refund_amount_is_positive check (amount > 0),
    state         text        not null
        constraint sim_vkspay_refund_state_is_known check (state in ('SUCCESS', 'CLOSED')),
    at            timestamptz not null
);
create index sim_vkspay_refund_of_trade on sim_vkspay_refund (trade_id);
comment on column sim_vkspay_refund.out_refund_no is 'the merchant''s number; empty: the dialect has none';
comment on column sim_vkspay_refund.amount is 'fen';

-- Virtual payment of mini-programs.
create table sim_virtual (
    account_id      uuid    primary key references sim_account,
    offer_id        text    not null constraint sim_virtual_offer_id_is_used_once unique,
    original_id     text    not null,
    app_key         text    not null,
    sandbox_app_key text    not null,
    rate            bigint  not null constraint sim_virtual_rate_is_positive check (rate > 0),
    sandbox         boolean not null,
    released        boolean not null,
    ios             boolean not null,
    coin_state      text    not null
        constraint sim_virtual_coin_state_is_known
            check (coin_state in ('PUBLISHED', 'UNPUBLISHED', 'PENDING', 'REVIEW_FAILED')),
    token           text    not null,
    aes_key         text    not null,
    push_url        text    not null,
    mode            text    not null
        constraint sim_virtual_mode_is_known check (mode in ('PLAIN', 'COMPATIBLE', 'SAFE')),
    format          text    not null constraint sim_virtual_format_is_known check (format in ('JSON', 'XML'))
);
comment on table sim_virtual is 'accounts, as in the consoles of virtual payment and of message push';
comment on column sim_virtual.rate is 'coins per yuan';
comment on column sim_virtual.push_url is 'where events go; empty: nowhere';
create table sim_virtual_product (
    account_id uuid   not null references sim_account,
    product_id text   not null,
    price      bigint not null constraint sim_virtual_product_price_is_positive check (price > 0),
    state      text   not null
        constraint sim_virtual_product_state_is_known
            check (state in ('PUBLISHED', 'UNPUBLISHED', 'PENDING', 'REVIEW_FAILED')),
    primary key (account_id, product_id)
);
comment on column sim_virtual_product.price is 'fen';
create table sim_virtual_trade (
    trade_id         uuid        primary key references sim_trade on delete cascade,
    wx_order_id      text        not null constraint sim_virtual_trade_wx_order_id_is_used_once unique,
    channel_order_id text        not null,
    openid           text        not null,
    env              int         not null constraint sim_virtual_trade_env_is_known check (env in (0, 1)),
    product_id       text        not null,
    quantity         bigint      not null,
    orig_price       bigint      not null,
    attach           text        not null,
    providing        text        not null
        constraint sim_virtual_trade_providing_is_known check (providing in ('', 'DELIVERING', 'DELIVERED')),
    provided_at      timestamptz
);
comment on column sim_virtual_trade.env is '0 production, 1 sandbox';
comment on column sim_virtual_trade.product_id is 'empty: coins';
create table sim_virtual_refund (
    id           uuid        primary key,
    account_id   uuid        not null references sim_account,
    trade_id     uuid        not null references sim_trade on delete cascade,
    number       text        not null,
    wx_refund_id text        not null,
    amount       bigint      not null constraint sim_virtual_refund_amount_is_positive check (amount > 0),
    meta         text        not null,
    state        text        not null
        constraint sim_virtual_refund_state_is_known check (state in ('PROCESSING', 'SUCCESS', 'CLOSED')),
    outcome      text        not null,
    settles_at   timestamptz,
    acknowledged boolean     not null,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    constraint sim_virtual_refund_number_is_used_once unique (account_id, number)
);
create index sim_virtual_refund_of_trade on sim_virtual_refund (trade_id);
create index sim_virtual_refund_due on sim_virtual_refund (settles_at asc) where state = 'PROCESSING';
comment on column sim_virtual_refund.amount is 'fen';
comment on column sim_virtual_refund.settles_at is 'when outcome becomes the state; null: it waits for a person';
create table sim_virtual_coins (
    account_id uuid   not null references sim_account,
    openid     text   not null,
    env        int    not null,
    bought     bigint not null constraint sim_virtual_coins_bought_is_not_negative check (bought >= 0),
    given      bigint not null constraint sim_virtual_coins_given_is_not_negative check (given >= 0),
    sum_bought bigint not null,
    sum_given  bigint not null,
    sum_spent  bigint not null,
    primary key (account_id, openid, env)
);
comment on table sim_virtual_coins is 'the coins of users; a balance is what was bought and what was given';
create table sim_virtual_coin_entry (
    id         uuid        primary key,
    account_id uuid        not null references sim_account,
    number     text        not null,
    openid     text        not null,
    env        int         not null,
    kind       text        not null
        constraint sim_virtual_coin_entry_kind_is_known check (kind in ('BOUGHT', 'GIVEN', 'SPENT', 'RETURNED')),
    amount     bigint      not null,
    of_given   bigint      not null,
    about      text        not null,
    at         timestamptz not null,
    constraint sim_virtual_coin_entry_number_is_used_once unique (account_id, number)
);
create index sim_virtual_coin_entry_about on sim_virtual_coin_entry (account_id, about) where about <> '';
create index sim_virtual_coin_entry_of_user on sim_virtual_coin_entry (account_id, openid, env, id desc);
comment on table sim_virtual_coin_entry is 'what changed the coins of users, once for each number';
comment on column sim_virtual_coin_entry.about is 'the number of the spending that a return is about';
create table sim_virtual_bill (
    token      text        primary key,
    account_id uuid        not null references sim_account,
    span       text        not null,
    made_at    timestamptz not null,
    content    text        not null
);
create index sim_virtual_bill_by_age on sim_virtual_bill (made_at asc);

-- Apple's App Store.
create table sim_apple (
    account_id uuid primary key references sim_account,
    notify_url text not null
);
comment on table sim_apple is 'where the notifications of apps go, as in App Store Connect';
create table sim_apple_purchase (
    trade_id              uuid        primary key references sim_trade on delete cascade,
    account_id            uuid        not null references sim_account,
    transaction_id        text        not null constraint sim_apple_purchase_transaction_id_is_used_once unique,
    original_id           text        not null,
    environment           text        not null
        constraint sim_apple_purchase_environment_is_known
            check (environment in ('Production', 'Sandbox', 'Xcode', 'LocalTesting')),
    product_id            text        not null,
    product_type          text        not null,
    quantity              bigint      not null constraint sim_apple_purchase_quantity_is_positive check (quantity > 0),
    price                 bigint      not null constraint sim_apple_purchase_price_is_not_negative check (price >= 0),
    currency              text        not null,
    token                 text        not null,
    ownership             text        not null
        constraint sim_apple_purchase_ownership_is_known check (ownership in ('PURCHASED', 'FAMILY_SHARED')),
    purchased_at          timestamptz not null,
    original_at           timestamptz not null,
    expires_at            timestamptz,
    revoked_at            timestamptz,
    revocation_reason     int,
    revocation_type       text
        constraint sim_apple_purchase_revocation_type_is_known
            check (revocation_type in ('REFUND_FULL', 'REFUND_PRORATED', 'FAMILY_REVOKE')),
    revocation_percentage bigint,
    receipt_with          text        not null,
    next_status           int,
    next_status_times     bigint      not null default 0
);
create index sim_apple_purchase_of_subscription on sim_apple_purchase (account_id, original_id);
comment on column sim_apple_purchase.price is 'thousandths of the currency, for all pieces';
comment on column sim_apple_purchase.revocation_percentage is 'thousandths of a percent';
comment on column sim_apple_purchase.receipt_with is 'the transactions that its receipt lists before it, with commas';
comment on column sim_apple_purchase.next_status is 'what verifyReceipt answers next_status_times times, because a test wants it';
create table sim_apple_notice (
    id         uuid        primary key,
    trade_id   uuid        not null references sim_trade on delete cascade,
    account_id uuid        not null references sim_account,
    kind       text        not null,
    subtype    text        not null,
    data       text        not null,
    at         timestamptz not null
);
create index sim_apple_notice_of_trade on sim_apple_notice (trade_id);
create index sim_apple_notice_of_account on sim_apple_notice (account_id, at asc);
comment on table sim_apple_notice is 'the contents of notifications; their deliveries are in sim_notice';
comment on column sim_apple_notice.data is 'JSON: the transaction as it was then';
create table sim_apple_consumption (
    id       uuid        primary key,
    trade_id uuid        not null references sim_trade on delete cascade,
    version  text        not null,
    body     text        not null,
    at       timestamptz not null
);
create index sim_apple_consumption_of_trade on sim_apple_consumption (trade_id);
comment on table sim_apple_consumption is 'what merchants answered to CONSUMPTION_REQUEST';
-- Douyin.
create table sim_douyin (
    account_id uuid primary key references sim_account,
    notify_url text not null
);
comment on table sim_douyin is 'what is entered in the console of an account';
comment on column sim_douyin.notify_url is 'where callbacks go that have no address of their own';
create table sim_douyin_trade (
    trade_id    uuid        primary key references sim_trade on delete cascade,
    dialect     text        not null
        constraint sim_douyin_trade_dialect_is_known check (dialect in ('ecpay', 'trade')),
    order_id    text        not null constraint sim_douyin_trade_order_id_is_used_once unique,
    order_token text        not null,
    item_id     text        not null,
    sku_id      text        not null,
    way         int         not null constraint sim_douyin_trade_way_is_known check (way in (0, 1, 2, 10)),
    hidden_ways text        not null,
    cp_extra    text        not null,
    ended       text        not null
        constraint sim_douyin_trade_ended_is_known check (ended in ('', 'USER_CANCEL', 'TIME_OUT')),
    ended_at    timestamptz,
    watch_at    timestamptz
);
create index sim_douyin_trade_watched on sim_douyin_trade (watch_at asc) where watch_at is not null;
comment on column sim_douyin_trade.order_id is 'Douyin''s number, transaction_id of the trade';
comment on column sim_douyin_trade.order_token is 'opens the cashier in ecpay; empty in the general trade system';
comment on column sim_douyin_trade.item_id is 'number of its only item in the general trade system; empty in ecpay';
comment on column sim_douyin_trade.way is '1 WeChat, 2 Alipay, 10 Douyin; 0: the payer has not chosen';
comment on column sim_douyin_trade.hidden_ways is 'the ways that the merchant does not want, with commas';
comment on column sim_douyin_trade.ended is 'why it ended unpaid, in the general trade system';
comment on column sim_douyin_trade.watch_at is 'when to check whether its end must be reported; null: it need not';
create table sim_douyin_refund (
    id            uuid        primary key,
    account_id    uuid        not null references sim_account,
    trade_id      uuid        not null references sim_trade on delete cascade,
    refund_no     text        not null constraint sim_douyin_refund_refund_no_is_used_once unique,
    out_refund_no text        not null,
    amount        bigint      not null constraint sim_douyin_refund_amount_is_positive check (amount > 0),
    reason        text        not null,
    cp_extra      text        not null,
    notify_url    text        not null,
    request       text        not null,
    settled       boolean     not null,
    audit         text        not null
        constraint sim_douyin_refund_audit_is_known check (audit in ('NONE', 'TOAUDIT', 'AGREE', 'DENY')),
    audit_until   timestamptz not null,
    deny_message  text        not null,
    state         text        not null
        constraint sim_douyin_refund_state_is_known check (state in ('PROCESSING', 'SUCCESS', 'CLOSED')),
    outcome       text        not null,
    settles_at    timestamptz,
    created_at    timestamptz not null,
    ended_at      timestamptz
);
create unique index sim_douyin_refund_number_is_used_once on sim_douyin_refund (account_id, out_refund_no)
    where out_refund_no <> '';
create index sim_douyin_refund_of_trade on sim_douyin_refund (trade_id);
create index sim_douyin_refund_due on sim_douyin_refund (settles_at asc) where state = 'PROCESSING';
create index sim_douyin_refund_audited on sim_douyin_refund (audit_until asc) where audit = 'TOAUDIT';
comment on column sim_douyin_refund.out_refund_no is 'the merchant''s number; empty: the payer requested it';
comment on column sim_douyin_refund.amount is 'fen';
comment on column sim_douyin_refund.settled is 'whether the payment had been settled before';
comment on column sim_douyin_refund.audit is 'the merchant''s decision about a payer''s request; NONE: it needs none';
comment on column sim_douyin_refund.settles_at is 'when outcome becomes the state; null: it waits';
create table sim_douyin_settlement (
    id            uuid        primary key,
    account_id    uuid        not null references sim_account,
    trade_id      uuid        not null references sim_trade on delete cascade,
    settle_no     text        not null constraint sim_douyin_settlement_settle_no_is_used_once unique,
    out_settle_no text        not null,
    amount        bigint      not null constraint sim_douyin_settlement_amount_is_positive check (amount > 0),
    detail        text        not null,
    cp_extra      text        not null,
    notify_url    text        not null,
    request       text        not null,
    state         text        not null
        constraint sim_douyin_settlement_state_is_known check (state in ('PROCESSING', 'SUCCESS', 'FAIL')),
    outcome       text        not null,
    settles_at    timestamptz,
    created_at    timestamptz not null,
    ended_at      timestamptz,
    constraint sim_douyin_settlement_number_is_used_once unique (account_id, out_settle_no)
);
create index sim_douyin_settlement_of_trade on sim_douyin_settlement (trade_id);
create index sim_douyin_settlement_due on sim_douyin_settlement (settles_at asc) where state = 'PROCESSING';
comment on column sim_douyin_settlement.amount is 'fen, for all parties together';
create table sim_douyin_token (
    token      text        primary key,
    account_id uuid        not null references sim_account,
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    ended      boolean     not null
);
create index sim_douyin_token_by_age on sim_douyin_token (made_at asc);
comment on column sim_douyin_token.ended is 'a test has made it invalid';
