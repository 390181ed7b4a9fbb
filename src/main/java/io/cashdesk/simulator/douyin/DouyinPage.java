package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletResource;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the page that plays a mini-program shows: the cashier, its result, the order, and the payer's request for a
 * refund.
 */
@ApplicationScoped
class DouyinPage {
    static final String PATH = DouyinServer.PATH + "/mini-program";

    /** The codes whose meaning the page says; each has the message {@code simulator.douyin.code.<code>}. */
    static final Set<Integer> EXPLAINED = Set.of(
            DouyinOutcome.PAID,
            1,
            2,
            DouyinOutcome.CLOSED,
            4,
            DouyinOutcome.UNKNOWN,
            DouyinRefusal.CLIENT_PARAMETER,
            DouyinRefusal.CLIENT_UNAUTHORISED,
            DouyinRefusal.CLIENT_SIGNATURE,
            DouyinRefusal.CLIENT_ORDER_STATE);

    /** Instead of a refusal: the refund was requested. */
    static final String REQUESTED = "REQUESTED";

    private static final String EXAMPLE = """
            {
              "provider": "douyin",
              "context": {"PLATFORM": "mp-toutiao"},
              "data": {
                "out_trade_no": "D20260101-1",
                "total_fee": 990,
                "subject": "西湖龙井",
                "type": "goods"
              }
            }""";

    @Inject
    DouyinStore store;

    @Inject
    DouyinOrders orders;

    @Inject
    DouyinRefunds refunds;

    @Inject
    DouyinRefundStore refundStore;

    /**
     * @param orderId of the order that is shown, or an empty text
     * @param parameters what was pasted, or an empty text
     */
    record Phone(String orderId, String parameters) {}

    /**
     * What came of the client's calls.
     *
     * @param orderId Douyin's number; empty if there is no order
     */
    record Played(int code, String errMsg, String orderId) {}

    /** @param refund {@link #REQUESTED}, the text of a refusal, or an empty text */
    Map<String, Object> model(Phone phone, Optional<Played> played, String refund, Locale language) {
        var order = phone.orderId().isEmpty() ? Optional.<DouyinOrder>empty() : store.byOrderId(phone.orderId());
        var model = new LinkedHashMap<String, Object>();
        model.put("parameters", phone.parameters());
        model.put("unknown", order.isEmpty() && played.isEmpty() ? phone.orderId() : "");
        model.put("outcomes", List.of(DouyinOutcome.CANCEL, DouyinOutcome.FAIL, DouyinOutcome.TIMEOUT));
        model.put("result", played.map(p -> result(p, language)).orElse(null));
        model.put("order", order.map(orders::current).map(this::order).orElse(null));
        model.put("refund", refund);
        model.put("example", EXAMPLE);
        model.put("path", PATH);
        var here = order.isEmpty() ? PATH + "?" : PATH + "?order=" + encoded(phone.orderId()) + "&";
        var other = Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
        model.put("otherLanguage", other);
        model.put("otherAddress", here + "lang=" + other);
        return model;
    }

    private static Map<String, Object> result(Played played, Locale language) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("code", played.code());
        shown.put("errMsg", played.errMsg());
        shown.put("ok", played.code() == DouyinOutcome.PAID);
        shown.put(
                "meaning",
                EXPLAINED.contains(played.code())
                        ? Messages.text(language, "simulator.douyin.code." + played.code())
                        : "");
        return shown;
    }

    private Map<String, Object> order(DouyinOrder order) {
        Trade trade = order.trade();
        var left = refunds.left(order);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", trade.transactionId());
        shown.put("number", trade.number());
        shown.put("subject", trade.subject());
        shown.put("amount", Yuan.grouped(trade.amount()));
        shown.put("state", trade.state());
        shown.put("wallet", WalletResource.page(trade));
        shown.put(
                "way",
                order.detail().way() == 0
                        ? ""
                        : DouyinOrder.WALLETS.get(order.detail().way()));
        shown.put("left", Yuan.grouped(left));
        shown.put("refundable", order.paid() && order.isOf(DouyinDialect.TRADE) && left > 0);
        shown.put(
                "refunds",
                refundStore.ofTrade(trade.id()).stream()
                        .map(refunds::current)
                        .map(DouyinPage::refund)
                        .toList());
        return shown;
    }

    private static Map<String, String> refund(DouyinRefund refund) {
        var waits = refund.audit().equals(DouyinRefund.TO_AUDIT);
        return Map.of(
                "amount", Yuan.grouped(refund.amount()),
                "number", refund.refundNo(),
                "state", refund.state(),
                "decision", waits ? DouyinRefund.TO_AUDIT : refund.audit().equals(DouyinRefund.DENY) ? "DENY" : "",
                "until", DouyinFormat.time(refund.auditUntil()),
                "why", refund.denyMessage());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
