package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Alipay's trades, whatever made them. At the till the payer's code decides by its last four digits: 0002 he confirms after three
 * seconds, 0003 he does not and the trade is closed, 0004 it is paid but answered as "unknown", 0005 the code is spent, 0006 he
 * has too little money; any other: paid at once.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfp">alipay.trade.pay</a>
 */
@ApplicationScoped
class AlipayTrades {
    static final String PAYER = "2088000000000001";

    private static final Duration LIFE = Duration.ofDays(15);
    private static final Duration THINKING = Duration.ofSeconds(3);

    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    Cashier cashier;

    @Inject
    Notifier notifier;

    @Inject
    Clock clock;

    /** A refusal that is none: the outcome is open. */
    static AlipayRules.Refused unknown() {
        return new AlipayRules.Refused("20000", "aop.unknow-error", "系统繁忙");
    }

    /** A trade that exists from the moment it is asked for, or the same one again. */
    Books.Trade make(
            Books.Account account, String product, Map<String, String> fields, JsonObject content, Detailed detailed) {
        var now = clock.instant();
        var wish = AlipayRules.precreate(content, now);
        var made = cashier.make(new Cashier.Wish(
                account,
                wish.number(),
                "alipay:" + UUID.randomUUID(),
                wish.amount(),
                wish.subject(),
                fields.getOrDefault("notify_url", ""),
                content.toString(),
                "NOTPAY",
                wish.expiresAt() == null ? now.plus(LIFE) : wish.expiresAt()));
        var trade = books.trade(account.id(), wish.number()).orElseThrow();
        if (made) {
            var detail = new AlipayBooks.Detail(
                    trade.id(),
                    product,
                    fields.getOrDefault("return_url", ""),
                    content.getString("quit_url", ""),
                    detailed.decidesAt(),
                    detailed.decision());
            alipay.add(detail, detailed.authCode());
        } else {
            again(current(trade), content);
        }
        return current(trade);
    }

    /** @param authCode the payer's code at the till, or null; the others likewise */
    record Detailed(String authCode, Instant decidesAt, String decision) {
        static final Detailed NONE = new Detailed(null, null, null);
    }

    static void again(Books.Trade trade, JsonObject content) {
        switch (trade.state()) {
            case "SUCCESS" -> throw AlipayRules.business("TRADE_HAS_SUCCESS", "交易已被支付");
            case "CLOSED" -> throw AlipayRules.business("TRADE_HAS_CLOSE", "交易已经关闭");
            default -> {
                if (!trade.request().equals(content.toString())) {
                    throw AlipayRules.business("CONTEXT_INCONSISTENT", "交易信息被篡改");
                }
            }
        }
    }

    /** The trade as it is now; a payer at the till may have made up his mind meanwhile. */
    Books.Trade current(Books.Trade trade) {
        var detail = alipay.detail(trade.id()).filter(d -> d.decidesAt() != null);
        if (detail.isPresent() && !clock.instant().isBefore(detail.get().decidesAt())) {
            alipay.decided(trade.id());
            if (detail.get().decision().equals("PAY")) cashier.pay(trade);
            else books.move(trade.id(), "NOTPAY", "CLOSED");
        }
        return cashier.current(books.trade(trade.id()));
    }

    /** For a mini-program: the trade exists at once. */
    JsonObjectBuilder create(Books.Account account, Map<String, String> fields, JsonObject content) {
        if (content.getString("product_code", "").equals("JSAPI_PAY")
                && content.getString("op_app_id", "").isEmpty()) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：op_app_id");
        }
        var buyers = Set.of("buyer_id", "buyer_open_id", "op_buyer_open_id", "buyer_logon_id");
        if (buyers.stream().noneMatch(name -> !content.getString(name, "").isEmpty())) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：buyer_id");
        }
        var trade = make(account, "create", fields, content, Detailed.NONE);
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("trade_no", trade.transactionId());
    }

    /** At the till. */
    JsonObjectBuilder pay(Books.Account account, Map<String, String> fields, JsonObject content) {
        if (!Set.of("bar_code", "security_code").contains(content.getString("scene", ""))) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：scene");
        }
        var code = content.getString("auth_code", "");
        var valid = code.matches("(2[5-9]|30)\\d{14,22}") || code.matches("fp.{33}");
        var tail = code.length() < 4 ? "" : code.substring(code.length() - 4);
        if (!valid || tail.equals("0005") || alipay.codeIsUsed(code)) {
            throw AlipayRules.business("PAYMENT_AUTH_CODE_INVALID", "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款");
        }
        var waits = tail.equals("0002") || tail.equals("0003");
        var detailed = new Detailed(
                code,
                waits ? clock.instant().plus(THINKING) : null,
                waits ? (tail.equals("0002") ? "PAY" : "CLOSE") : null);
        var trade = make(account, "pay", fields, content, detailed);
        if (tail.equals("0006")) {
            books.move(trade.id(), "NOTPAY", "CLOSED");
            throw AlipayRules.business("BUYER_BALANCE_NOT_ENOUGH", "买家余额不足");
        }
        if (waits) {
            return Json.createObjectBuilder()
                    .add("code", "10003")
                    .add("msg", "order success pay inprocess")
                    .add("out_trade_no", trade.number())
                    .add("trade_no", trade.transactionId())
                    .add("buyer_user_id", PAYER)
                    .add("total_amount", AlipayMessages.yuan(trade.amount()));
        }
        cashier.pay(trade);
        if (tail.equals("0004")) throw unknown();
        var paid = books.trade(trade.id());
        return Json.createObjectBuilder()
                .add("out_trade_no", paid.number())
                .add("trade_no", paid.transactionId())
                .add("buyer_user_id", PAYER)
                .add("total_amount", AlipayMessages.yuan(paid.reported()))
                .add("receipt_amount", AlipayMessages.yuan(paid.reported()))
                .add("gmt_payment", AlipayMessages.time(paid.paidAt()));
    }

    /** Ends a trade at the till whatever its state; where there is none it succeeds and does nothing. */
    JsonObjectBuilder cancel(Books.Account account, JsonObject content) {
        var number = AlipayRules.number(content);
        var answer = Json.createObjectBuilder().add("out_trade_no", number);
        var trade = books.trade(account.id(), number).map(this::current).orElse(null);
        if (trade == null || trade.state().equals("UNSCANNED")) return answer.add("retry_flag", "N");
        answer.add("trade_no", trade.transactionId());
        if (books.took(trade, Fault.REVERSE_ONCE_MORE)) return answer.add("retry_flag", "Y");
        answer.add("retry_flag", "N");
        if (trade.state().equals("SUCCESS")) {
            var left = trade.amount() - alipay.refunded(trade.id(), null);
            if (left > 0) alipay.add(trade.id(), number, left, "cancelled", true);
            return answer.add("action", "refund");
        }
        cashier.close(trade);
        return answer.add("action", "close");
    }

    JsonObjectBuilder query(Books.Trade trade) {
        var answer = Json.createObjectBuilder()
                .add("out_trade_no", trade.number())
                .add("trade_no", trade.transactionId())
                .add("buyer_logon_id", "sim***@example.com")
                .add("buyer_user_id", PAYER)
                .add("total_amount", AlipayMessages.yuan(trade.reported()))
                .add("trade_status", status(trade));
        if (trade.paidAt() != null) answer.add("send_pay_date", AlipayMessages.time(trade.paidAt()));
        return answer;
    }

    /** Given back in full it is closed, and only its moment of payment tells it from one that nobody paid. */
    private String status(Books.Trade trade) {
        return switch (trade.state()) {
            case "SUCCESS" -> alipay.refunded(trade.id(), null) >= trade.amount() ? "TRADE_CLOSED" : "TRADE_SUCCESS";
            case "CLOSED" -> "TRADE_CLOSED";
            default -> "WAIT_BUYER_PAY";
        };
    }

    // refunds

    JsonObjectBuilder refund(Books.Trade trade, JsonObject content) {
        var number = content.getString("out_request_no", trade.number());
        if (number.isEmpty() || number.length() > 64)
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：out_request_no");
        var amount = AlipayRules.fen(content, "refund_amount");
        var known = alipay.refund(trade.id(), number);
        if (known.isPresent()) {
            if (known.get().amount() != amount) throw AlipayRules.business("DISCORDANT_REPEAT_REQUEST", "不一致的请求");
            return refunded(trade, "N");
        }
        if (!trade.state().equals("SUCCESS")) throw AlipayRules.business("TRADE_STATUS_ERROR", "交易状态不合法");
        if (trade.faults().contains(Fault.REFUND_NOT_ENOUGH)) {
            throw AlipayRules.business("SELLER_BALANCE_NOT_ENOUGH", "商户余额不足");
        }
        if (alipay.refunded(trade.id(), null) + amount > trade.amount()) {
            throw AlipayRules.business("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限");
        }
        var fails = trade.faults().contains(Fault.REFUND_CLOSED);
        alipay.add(trade.id(), number, amount, content.getString("refund_reason", ""), !fails);
        books.log(trade.number(), "–", "refunded", "", AlipayMessages.yuan(amount) + " as " + number);
        var refund = alipay.refund(trade.id(), number).orElseThrow();
        if (!fails && !trade.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), "SUCCESS");
        return refunded(trade, fails ? "N" : "Y");
    }

    private JsonObjectBuilder refunded(Books.Trade trade, String change) {
        var answer = Json.createObjectBuilder()
                .add("out_trade_no", trade.number())
                .add("trade_no", trade.transactionId())
                .add("buyer_user_id", PAYER)
                .add("fund_change", change)
                .add("refund_fee", AlipayMessages.yuan(alipay.refunded(trade.id(), null)));
        if (change.equals("Y")) answer.add("gmt_refund_pay", AlipayMessages.time(clock.instant()));
        return answer;
    }

    /** A refund that is not there, or that failed, is answered without a word about it. */
    JsonObjectBuilder refundQuery(Books.Trade trade, JsonObject content) {
        var number = content.getString("out_request_no", "");
        if (number.isEmpty()) throw AlipayRules.business("INVALID_PARAMETER", "参数有误：out_request_no");
        var answer = Json.createObjectBuilder();
        var found = alipay.refund(trade.id(), number).filter(AlipayBooks.Refund::shown);
        if (found.isEmpty()) return answer;
        var refund = found.get();
        answer.add("out_trade_no", trade.number())
                .add("trade_no", trade.transactionId())
                .add("out_request_no", number)
                .add("total_amount", AlipayMessages.yuan(trade.amount()))
                .add("refund_amount", AlipayMessages.yuan(refund.amount()))
                .add("refund_reason", refund.reason())
                .add("refund_status", "REFUND_SUCCESS");
        var wanted = content.getJsonArray("query_options");
        if (wanted != null
                && wanted.getValuesAs(JsonString.class).stream()
                        .anyMatch(o -> o.getString().toLowerCase(Locale.ROOT).equals("gmt_refund_pay"))) {
            answer.add("gmt_refund_pay", AlipayMessages.time(refund.at()));
        }
        return answer;
    }

    // login

    JsonObjectBuilder token(Books.Account account, Map<String, String> fields) {
        if (!"authorization_code".equals(fields.get("grant_type"))) {
            throw new AlipayRules.Refused("40002", "isv.grant-type-invalid", "授权类型无效");
        }
        if (!alipay.takeLogin(account.appId(), fields.getOrDefault("code", ""))) {
            throw new AlipayRules.Refused("40002", "isv.code-invalid", "授权码code无效");
        }
        return Json.createObjectBuilder()
                .add("user_id", PAYER)
                .add("access_token", Keys.letters(40))
                .add("expires_in", "1296000")
                .add("refresh_token", Keys.letters(40));
    }
}
