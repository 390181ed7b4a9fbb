-- What is owed, what was tried, what arrived (room order). The first lock of every transaction that changes money is the row of
-- pay_order.
create table pay_order (
    merchant_id          uuid        not null references merchant,
    id                   uuid        not null,
    version              bigint      not null,
    mode                 text        not null constraint pay_order_mode_is_known check (mode in ('TEST', 'LIVE')),
    out_trade_no         text        not null
        constraint pay_order_out_trade_no_is_allowed check (out_trade_no ~ '^[0-9A-Za-z._|*-]{1,64}$'),
    total_fee            bigint      not null,
    currency             varchar(3)  not null,
    subject              text        not null,
    type                 text        not null,
    custom               text        not null,
    user_id              text,
    nickname             text,
    platform             text        not null,
    appid                text,
    client_ip            text,
    return_url           text,
    callback             text,
    epay                 text,
    providers            text[]      not null,
    pay_method           text,
    goods                text,
    sub_mchid            text,
    sub_appid            text,
    sealed_token         text,
    checkout_token       text        not null constraint pay_order_checkout_token_is_used_once unique,
    created_at           timestamptz not null,
    expires_at           timestamptz not null,
    next_close_at        timestamptz not null,

    state                text        not null
        constraint pay_order_state_is_known check (state in ('UNPAID', 'PAID', 'CLOSED')),
    attempts             int         not null,
    page_changes         int         not null,
    money_changes        int         not null,
    phone_opened_at      timestamptz,
    needs_person         text,
    needs_person_since   timestamptz,
    open_reasons         text,
    pay_type             text,
    provider_merchant_no text,
    provider_app_id      text,
    notify_url           text,
    app_auth_token       text,
    paid_receipt         uuid,
    transaction_id       text,
    openid               text,
    paid_at              timestamptz,
    notified_at          timestamptz,
    notify_mode          int         constraint pay_order_notify_mode_is_known check (notify_mode in (0, 1)),
    closed_at            timestamptz,
    refund_fee           bigint      not null
        constraint pay_order_refund_is_within_total check (refund_fee between 0 and total_fee),
    refund_num           int         not null,
    wholly_refunded      boolean     not null,
    original_out_trade_no text,
    handler_expected     boolean     not null,
    user_order_success   boolean,

    primary key (merchant_id, id),
    constraint pay_order_out_trade_no_is_used_once unique (out_trade_no, merchant_id, mode),
    constraint pay_order_out_trade_no_has_a_dot_in_epay_only check (epay is not null or out_trade_no !~ '[.]'),
    constraint pay_order_is_paid_by_a_receipt check ((state = 'PAID') = (paid_receipt is not null)),
    constraint pay_order_is_paid_at_a_moment check ((state = 'PAID') = (paid_at is not null)),
    constraint pay_order_is_closed_at_a_moment check (state <> 'CLOSED' or closed_at is not null),
    constraint pay_order_total_fee_is_positive_unless_a_store_says_it
        check (total_fee > 0 or (total_fee = 0 and goods is not null)),
    constraint pay_order_refund_needs_payment
        check ((refund_fee = 0 and refund_num = 0 and not wholly_refunded) or state = 'PAID'),
    constraint pay_order_is_wholly_refunded_by_a_refund check (not wholly_refunded or refund_num > 0),
    constraint pay_order_needs_person_since_a_moment_for_reasons
        check (num_nulls(needs_person, needs_person_since, open_reasons) in (0, 3))
);
create index pay_order_to_close on pay_order (next_close_at asc) where state = 'UNPAID' and needs_person is null;
create index pay_order_for_a_person on pay_order (merchant_id, mode, needs_person_since asc, id asc)
    where needs_person is not null;
create index pay_order_of_tests on pay_order (created_at asc) where mode = 'TEST'; -- old ones are deleted
create index pay_order_of_epay on pay_order (merchant_id, mode, created_at asc) where epay is not null;
create index pay_order_of_transaction on pay_order (transaction_id, merchant_id) where transaction_id is not null;
comment on column pay_order.total_fee is 'minor units of currency: 990 is 9.90 CNY; 0: no amount was named, and only the provider''s store says what was paid (receipt.store_price)';
comment on column pay_order.custom is 'a JSON object, the merchant''s own; never sent to a provider';
comment on column pay_order.callback is 'the name of the endpoint that receives the payment in CloudPay''s form; null: none';
comment on column pay_order.epay is 'what a shop that speaks epay sent beside the order (order.EpayOrigin), JSON; null: it came by another API';
comment on column pay_order.providers is 'the providers that the merchant allows; none means all';
comment on column pay_order.pay_method is 'provider_pay_method: which wallet of an aggregating provider, as the merchant named it, or the one that the payer has used; null: neither is known';
comment on column pay_order.goods is 'what is bought where the provider''s price list decides the amount (expand_data), a JSON object; normally null';
comment on column pay_order.checkout_token is '128 random bits; opens the payer''s pages of this one order';
comment on column pay_order.next_close_at is 'when a job looks whether it can be closed: its deadline, or later while an attempt may be paid';
comment on column pay_order.notify_url is 'where the attempt that paid it, or else the last one, is notified';
comment on column pay_order.app_auth_token is 'masked; the token itself is sealed in attempt.request';
comment on column pay_order.page_changes is 'how often an attempt changed what the payer''s page shows';
comment on column pay_order.money_changes is 'how often a payment or a refund did so; an order that was paid once has 1';
comment on column pay_order.phone_opened_at is 'when a phone last opened the code for any phone, within seconds; null: not yet';
comment on column pay_order.attempts is 'how many attempts were opened: the ordinal of the last one';
comment on column pay_order.needs_person is 'why an operator must decide: the first open reason; normally null';
comment on column pay_order.needs_person_since is 'when the first open reason arose';
comment on column pay_order.sub_mchid is 'for whom the checkout page collects at WeChat Pay; empty: the account itself; null: no createCheckout has said it';
comment on column pay_order.sealed_token is 'Alipay''s app_auth_token, sealed';
comment on column pay_order.open_reasons is 'all open reasons, oldest first, JSON';
comment on column pay_order.notify_mode is '1: a notification reported the payment, 0: the answer to a query';
comment on column pay_order.refund_fee is 'minor units of currency, of refunds that succeeded';
comment on column pay_order.refund_num is 'how many refunds succeeded; of an order without an amount each is of 0';
comment on column pay_order.wholly_refunded is 'whether nothing of the payment is left: status 3; a refund without it is status 2';
comment on column pay_order.original_out_trade_no is 'of a renewal of a subscription: the order of its first purchase; null: it is no renewal';

create table attempt (
    merchant_id   uuid        not null,
    id            uuid        not null,
    version       bigint      not null,
    order_id      uuid        not null,
    n             int         not null constraint attempt_n_is_positive check (n > 0),
    account_id    uuid        not null,
    provider      text        not null,
    merchant_no   text        not null,
    pay_type      text        not null,
    attempt_no    text        not null,
    provider_no   text,
    known_there   boolean     not null,
    outcome_unknown boolean   not null,
    request       text        not null,
    request_key   text        not null,
    code_hash     text        constraint attempt_code_is_used_once unique,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    close_at      timestamptz not null,

    state         text        not null
        constraint attempt_state_is_known
            check (state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING', 'PAYABLE', 'FAILED', 'CLOSED', 'PAID')),
    claim         uuid,
    lease_until   timestamptz,
    prompt        text,
    prompt_until  timestamptz,
    failure       text,
    provider_code text,
    next_query_at timestamptz,
    next_step     text
        constraint attempt_next_step_is_known check (next_step in ('URGENT', 'CLOSE', 'QUERY', 'RESTING')),
    queried_at    timestamptz,
    query_result  text        constraint attempt_query_result_is_known check (query_result in ('RUNNING', 'ANSWERED', 'UNANSWERED')),
    queries       int         not null,

    primary key (merchant_id, id),
    constraint attempt_next_step_has_a_time check ((next_step is null) = (next_query_at is null)),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    foreign key (merchant_id, account_id) references provider_account (merchant_id, id),
    constraint attempt_n_is_used_once unique (order_id, merchant_id, n),
    constraint attempt_code_spends_its_number check (code_hash is null or known_there),
    constraint attempt_failed_without_unknown_outcome check (state <> 'FAILED' or not outcome_unknown),
    constraint attempt_shows_what_it_got check (state <> 'SHOWN' or prompt is not null),
    constraint attempt_call_is_claimed check (state <> 'CALLING' or (claim is not null and lease_until is not null))
);
create unique index attempt_no_is_used_once on attempt (provider, merchant_no, attempt_no) where known_there;
create index attempt_no_that_was_refused on attempt (provider, merchant_no, attempt_no) where not known_there; -- few rows
create index attempt_of_providers_number on attempt (provider, merchant_no, provider_no) where provider_no is not null;
create unique index attempt_only_one_is_live on attempt (order_id, merchant_id)
    where state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING');
-- The sweeper reads what is due of each step, over all merchants. The condition follows from any value of next_step, so that a prepared
-- statement can use the index.
create index attempt_due on attempt (next_step, next_query_at asc) where next_step is not null;
create index attempt_resting on attempt (account_id, merchant_id, next_query_at asc) where next_step = 'RESTING';
comment on table attempt is 'one try at one provider to get an order paid';
comment on column attempt.attempt_no is 'the number that this try carries at the provider';
comment on column attempt.provider_no is 'the number that the provider itself gave, if it finds and reports the payment by that one';
comment on column attempt.known_there is 'whether the provider may know attempt_no; false only after a refusal, or if nothing was sent';
comment on column attempt.outcome_unknown is 'whether a call was sent of which it is not known whether it arrived';
comment on column attempt.request is 'what is requested of the provider, JSON, so that a repetition after a crash sends the same';
comment on column attempt.request_key is 'equal for calls that request the same: provider, pay type, account and extra parameters';
comment on column attempt.code_hash is 'SHA-256 of the payment code; the code itself is never stored';
comment on column attempt.expires_at is 'the provider''s own expiry: after it nobody can pay';
comment on column attempt.close_at is 'from then on it is closed at the provider: the order''s deadline, or the end of a payment code';
comment on column attempt.prompt is 'what the payer or the client receives, JSON';
comment on column attempt.prompt_until is 'until when the provider accepts what is shown; null: as long as the attempt is open';
comment on column attempt.provider_code is 'the code with which the provider refused, in its own spelling';
comment on column attempt.next_step is 'what the sweeper does at next_query_at; null once the attempt has ended and is not watched';
comment on column attempt.query_result is 'what is known of the query of queried_at; null: it was not made for a payer, and runs or was answered';
comment on column attempt.queries is 'how often the provider was queried about it';

create table receipt (
    merchant_id    uuid        not null,
    id             uuid        not null,
    version        bigint      not null,
    order_id       uuid        not null,
    attempt_id     uuid        not null,
    account_id     uuid        not null,
    provider       text        not null,
    merchant_no    text        not null,
    transaction_id text        not null,
    amount         bigint      not null,
    currency       varchar(3)  not null,
    kind           text        not null
        constraint receipt_kind_is_known check (kind in ('ORDER', 'LATE', 'DUPLICATE', 'AMOUNT_DIFFERS', 'DOUBTFUL')),
    disposition    text        not null
        constraint receipt_disposition_is_known
            check (disposition in ('COUNTED', 'HELD', 'RETURNING', 'RETURNED', 'SETTLED')),
    decision       text        constraint receipt_decision_is_known check (decision in ('RETURN', 'ACCEPT', 'SETTLE')),
    reserved       bigint      not null,
    refunded       bigint      not null,
    went_back      boolean     not null,
    paid_at        timestamptz not null,
    payer_id       text,
    pay_method     text,
    goods          text,
    store_price    bigint,
    store_currency varchar(3),
    environment    text,
    first_transaction_id text,
    reported_at    timestamptz not null,
    notified       boolean     not null,
    notifiable     boolean     not null,
    evidence       text        not null,
    original_data  text,
    auth_app_id    text,
    seller_id      text,
    primary key (merchant_id, id),
    constraint receipt_id_within_order_is_used_once unique (order_id, merchant_id, id),
    foreign key (merchant_id, order_id) references pay_order (merchant_id, id),
    foreign key (merchant_id, attempt_id) references attempt (merchant_id, id),
    constraint receipt_transaction_is_used_once unique (provider, merchant_no, transaction_id),
    constraint receipt_amount_is_positive_unless_a_store_says_it
        check (amount > 0 or (amount = 0 and goods is not null)),
    constraint receipt_store_price_has_a_currency check (num_nulls(store_price, store_currency) in (0, 2)),
    constraint receipt_of_a_store_says_what_was_bought
        check (goods is not null or num_nonnulls(store_price, environment, first_transaction_id) = 0),
    constraint receipt_that_counts_is_the_orders check ((kind = 'ORDER') = (disposition = 'COUNTED')),
    constraint receipt_refunds_at_most_what_arrived
        check (0 <= refunded and refunded <= reserved and reserved <= amount),
    constraint receipt_that_went_back_is_returned
        check (not went_back or (disposition = 'RETURNED' and refunded = amount)),
    constraint receipt_is_as_it_was_decided check (
        decision is null
            or (decision = 'RETURN' and disposition in ('RETURNING', 'RETURNED'))
            or (decision = 'ACCEPT' and disposition = 'COUNTED')
            or (decision = 'SETTLE' and disposition = 'SETTLED'))
);
create index receipt_by_id on receipt (id asc); -- new rows over all merchants
create index receipt_of_attempt on receipt (attempt_id, merchant_id); -- the foreign key reads it when an attempt is deleted
create index receipt_of_account on receipt (account_id, merchant_id, id asc) where notifiable; -- its last payments
create index receipt_of_subscription on receipt (provider, merchant_no, first_transaction_id, merchant_id)
    where first_transaction_id is not null;
create unique index receipt_only_one_is_counted on receipt (order_id, merchant_id) where disposition = 'COUNTED';
comment on table receipt is 'money that arrived, on time or not';
comment on column receipt.amount is 'minor units of currency: 990 is 9.90 CNY; of a purchase in a provider''s store what the order''s amount is, which may be 0';
comment on column receipt.reserved is 'minor units: refunds that were requested and have not failed';
comment on column receipt.refunded is 'minor units: refunds that succeeded';
comment on column receipt.decision is 'what an operator decided about held money; null: no decision, or its refund failed';
comment on column receipt.went_back is 'the provider returned it to the payer without a refund of ours';
comment on column receipt.payer_id is 'the payer as the provider names it, if it does';
comment on column receipt.pay_method is 'with which wallet behind the provider the payer has paid (provider_pay_method); null: it does not say';
comment on column receipt.goods is 'of a purchase in a provider''s store: what was bought, a JSON object; otherwise null';
comment on column receipt.store_price is 'what the store has charged, in minor units of store_currency: information, compared with nothing';
comment on column receipt.environment is 'the store''s word for where it was bought; a purchase in a sandbox costs nothing';
comment on column receipt.first_transaction_id is 'of a subscription: the store''s number of its first purchase; otherwise null';
comment on column receipt.notifiable is 'false: a payment code, which is answered at once, so that no notification is needed';
comment on column receipt.notified is 'whether a notification reported it, or else the answer to a query';
comment on column receipt.evidence is 'the provider''s report, word for word';
comment on column receipt.original_data is 'the first notification of it as it came, JSON (an object, or a text); null: none came';
comment on column receipt.auth_app_id is 'on whose behalf a service provider collected, as that notification names the application';
comment on column receipt.seller_id is 'who received the money, as that notification names the seller';

-- It names the order's id too: the receipt is this order's, and a receipt that is deleted is looked up by the primary key.
alter table pay_order add constraint pay_order_receipt_exists
    foreign key (merchant_id, id, paid_receipt) references receipt (merchant_id, order_id, id) deferrable initially deferred;

-- In partitions by month: an id is a UUID of version 7, which begins with its time. A row whose id fits no month goes to the
-- default partition, so that no money transaction ever fails for want of a partition. No foreign keys: a row about an order is
-- written in the transaction that holds the order's lock, and a partition is added or dropped without a lock on pay_order.
create table order_event (
    merchant_id uuid        not null,
    id          uuid        not null,
    order_id    uuid        not null,
    attempt_id  uuid,
    at          timestamptz not null,
    kind        text        not null,
    detail      text        not null,
    primary key (merchant_id, id)
) partition by range (id);
create table order_event_default partition of order_event default;
create index order_event_of_order on order_event (order_id, merchant_id, at asc);
create index order_event_by_id on order_event (id asc); -- new rows over all merchants
comment on table order_event is 'evidence of every change of an order, oldest first';

create table wrong_amount (
    slot     int         constraint wrong_amount_slot_is_used_once primary key
        constraint wrong_amount_slots_are_limited check (slot between 0 and 65535),
    subject  uuid        not null,
    calls    int         not null constraint wrong_amount_calls_are_positive check (calls > 0),
    first_at timestamptz not null
);
comment on table wrong_amount is 'calls of createPayment with a publishable key and a wrong amount or number, and calls of verifyReceipt that query a store, in a fixed number of rows';
comment on column wrong_amount.slot is 'follows from subject; another subject with the same slot takes the row over';
comment on column wrong_amount.subject is 'of what the calls are counted: the start of a keyed SHA-256 of merchant, mode, number and caller address';
comment on column wrong_amount.calls is 'how many there were since first_at; valid for one hour';
