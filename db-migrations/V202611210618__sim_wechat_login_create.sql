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
comment on column sim_wechat_login.errcode is 'what its exchange is answered with, chosen by a test; 0 is the openid';
