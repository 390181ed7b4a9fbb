create table sim_alipay_authorization (
    token          text primary key,
    application_id uuid not null references sim_account
        constraint sim_alipay_authorization_is_given_once unique,
    seller_id      uuid not null references sim_account
);
comment on table sim_alipay_authorization is 'an application may act for another seller';
