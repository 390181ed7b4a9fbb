alter table webhook_try
    add node       text,
    add url        text,
    add address    text,
    add signatures int not null default 1;
alter table webhook_try alter signatures drop default;
comment on column webhook_try.address is 'the address and port that answered';
comment on column webhook_try.signatures is 'with how many secrets it was signed';
