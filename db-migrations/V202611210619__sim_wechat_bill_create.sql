create table sim_wechat_bill (
    token      text        primary key,
    account_id uuid        not null references sim_account,
    made_at    timestamptz not null,
    gzip       boolean     not null,
    content    text        not null
);
