create table sim_alipay_code (
    auth_code  text primary key,
    account_id uuid not null references sim_account,
    number     text not null
);
