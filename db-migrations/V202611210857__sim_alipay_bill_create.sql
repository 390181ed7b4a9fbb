create table sim_alipay_bill (
    token      text        primary key,
    made_at    timestamptz not null,
    file_name  text        not null,
    content    bytea       not null
);
