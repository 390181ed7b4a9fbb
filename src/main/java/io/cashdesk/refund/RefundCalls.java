package io.cashdesk.refund;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/** {@code refund} and {@code queryRefund}: the fields that come in and go out. */
@ApplicationScoped
public class RefundCalls {
    private static final Logger LOG = Logger.getLogger(RefundCalls.class);
    private static final int LONGEST_REASON = 80;
    private static final DateTimeFormatter BEIJING =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    @Inject
    PayOrders orders;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    /** Answers when the provider has accepted the refund, or nobody knows yet whether it has ({@code refund_status} says). */
    public JsonObject refund(Authority authority, JsonBody body) {
        body.only("out_trade_no", "out_refund_no", "refund_desc", "refund_fee", "pid");
        var number = number(body);
        var wish = new RefundPayment.Wish(
                outRefundNo(body),
                fee(body),
                body.text("refund_desc", LONGEST_REASON).orElse(""),
                null);
        var order = order(authority, body, number);
        return answer(orders.byId(order.id()).orElseThrow(), refundPayment.of(order, wish));
    }

    private JsonObject answer(PayOrder order, Refund refund) {
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", refund.state() == RefundState.SUCCEEDED ? "退款成功" : "退款已受理")
                .add("out_trade_no", order.outTradeNo())
                .add("outTradeNo", order.outTradeNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("outRefundNo", refund.outRefundNo())
                .add("refund_fee", refund.amount().minor())
                .add("refundFee", refund.amount().minor())
                .add("refund_status", refund.state().word())
                .add("status", orders.byId(order.id()).orElseThrow().status());
        order.transactionId().ifPresent(id -> answer.add("transaction_id", id).add("transactionId", id));
        refund.refundId().ifPresent(id -> answer.add("refund_id", id).add("refundId", id));
        refund.cashAmount().ifPresent(fen -> answer.add("cashRefundFee", fen));
        return answer.build();
    }

    /** Asks the provider about the newest refund, or the one named, unless it has ended; then tells all of the order's. */
    public JsonObject queryRefund(Authority authority, JsonBody body) {
        body.only("out_trade_no", "out_refund_no", "pid");
        var order = order(authority, body, number(body));
        var named = outRefundNo(body);
        var all = refunds.of(order.id());
        var asked = all.stream()
                .filter(r -> named.isEmpty() || r.outRefundNo().equals(named.get()))
                .findFirst()
                .orElseThrow(() -> ProblemType.NOT_REFUNDED.with(
                        order.outTradeNo(), named.map(n -> " " + n).orElse("")));
        if (!asked.state().ended()) askAbout(asked);
        var now = refunds.byId(asked.id()).orElseThrow();
        var current = orders.byId(order.id()).orElseThrow();
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", message(current, refunds.of(order.id())))
                .add("queryResult", one(now, true))
                .add("orderInfo", orderInfo(current))
                .add("refund_list", list(refunds.of(order.id())))
                .build();
    }

    /** A provider that does not answer is no reason not to say what we know. */
    private void askAbout(Refund refund) {
        try {
            refundPayment.inquire(refund.id());
        } catch (ProviderFailure | Problem unanswered) {
            LOG.infof("Asking about refund %s: %s", refund.outRefundNo(), unanswered.getMessage());
        }
    }

    private JsonObject orderInfo(PayOrder order) {
        var info = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .add("total_fee", order.total().minor())
                .add("refund_fee", order.refundFee())
                .add("refund_num", order.refundNum())
                .add("refund_list", list(refunds.of(order.id())))
                .add("status", order.status())
                .add("type", order.type());
        order.payType().ifPresent(t -> info.add("pay_type", t).add("provider", t.substring(0, t.indexOf('_'))));
        order.transactionId().ifPresent(id -> info.add("transaction_id", id));
        return info.build();
    }

    private static JsonArray list(List<Refund> newestFirst) {
        var list = Json.createArrayBuilder();
        newestFirst.forEach(r -> list.add(one(r, false)));
        return list.build();
    }

    private static JsonObjectBuilder one(Refund refund, boolean withEvidence) {
        var one = Json.createObjectBuilder()
                .add("out_refund_no", refund.outRefundNo())
                .add("refund_fee", refund.amount().minor())
                .add("refund_desc", refund.reason())
                .add("refund_status", refund.state().word())
                .add("create_date", refund.createdAt().toEpochMilli());
        refund.refundId().ifPresent(id -> one.add("refund_id", id));
        refund.cashAmount().ifPresent(fen -> one.add("cash_refund_fee", fen));
        refund.failure().filter(f -> refund.state() == RefundState.FAILED).ifPresent(f -> one.add("failure", f));
        refund.finishedAt().ifPresent(t -> one.add("refund_date", t.toEpochMilli()));
        if (withEvidence) refund.evidence().ifPresent(e -> one.add("original_data", object(e)));
        return one;
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** For a person: the sum, then each by time and amount. */
    private static String message(PayOrder order, List<Refund> newestFirst) {
        var lines = new ArrayList<String>();
        lines.add("共退款 " + yuan(Money.fen(Math.max(order.refundFee(), 0))) + " 元");
        int i = 1;
        for (var r : newestFirst) {
            var at = BEIJING.format(r.finishedAt().orElse(r.createdAt()));
            lines.add(i++ + "、" + at + " " + yuan(r.amount()) + " 元" + state(r));
        }
        return String.join("\n", lines);
    }

    private static String yuan(Money money) {
        return String.format(Locale.ROOT, "%d.%02d", money.minor() / 100, money.minor() % 100);
    }

    private static String state(Refund refund) {
        return switch (refund.state()) {
            case ASKING, UNKNOWN, PROCESSING -> "（处理中）";
            case SUCCEEDED -> "";
            case ABNORMAL -> "（异常，需人工处理）";
            case CLOSED -> "（已关闭）";
            case FAILED -> "（失败）";
        };
    }

    private PayOrder order(Authority authority, JsonBody body, OutTradeNo number) {
        var merchant = authority.secret().merchant(body.text("pid", 64).orElse(null));
        return orders.byNumber(merchant, authority.mode(), number.value())
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number.value()));
    }

    private static OutTradeNo number(JsonBody body) {
        return new OutTradeNo(body.json().get("out_trade_no") instanceof JsonString s ? s.getString() : null);
    }

    private static Optional<String> outRefundNo(JsonBody body) {
        if (!body.has("out_refund_no")) return Optional.empty();
        if (body.json().get("out_refund_no") instanceof JsonString s
                && s.getString().matches("[0-9A-Za-z_|*@-]{1,64}")) {
            return Optional.of(s.getString());
        }
        throw ProblemType.FIELD.with(
                "out_refund_no", "1 to 64 of digits, letters, _ - * | and @", body.shown("out_refund_no"));
    }

    /** Absent means everything that is left; an empty text or 0 is somebody's mistake and costs nobody money. */
    private static Optional<Long> fee(JsonBody body) {
        if (!body.has("refund_fee")) return Optional.empty();
        if (body.json().get("refund_fee") instanceof JsonNumber n
                && n.toString().matches("[1-9]\\d{0,10}")) {
            return Optional.of(n.longValueExact());
        }
        throw ProblemType.FIELD.with("refund_fee", "a positive integer in fen", body.shown("refund_fee"));
    }
}
