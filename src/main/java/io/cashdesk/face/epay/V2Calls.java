package io.cashdesk.face.epay;

import io.cashdesk.payment.ClosePayment;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The calls of version 2 of epay. Answers are signed, refusals too, once the call's own signature was verified, and
 * never before: otherwise anybody could have texts signed.
 */
@ApplicationScoped
class V2Calls {
    private static final String CREATE = "pay/create";

    static final Set<String> CALLS = Set.of(
            CREATE, "pay/query", "pay/refund", "pay/refundquery", "pay/close", "merchant/info", "merchant/orders");

    /** What every form of {@code submit} has, and no call but {@code create}. */
    private static final List<String> OF_SUBMIT = List.of("notify_url", "return_url", "name");

    @Inject
    Verify verify;

    @Inject
    OpenTrade openTrade;

    @Inject
    Trades trades;

    @Inject
    ClosePayment closePayment;

    @Inject
    Signed signed;

    /**
     * The answer to a call, also if it is refused.
     *
     * @param call its path below {@code /epay/api/}, as it was sent
     * @param read reads the parameters, or refuses them
     * @param locale of the messages
     */
    CompletionStage<JsonObject> of(String call, Supplier<Parameters> read, Locale locale) {
        Parameters parameters;
        Shop shop;
        try {
            parameters = read.get();
            shop = verified(call, parameters);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(refused(e, locale).build());
        }
        return acted(call, shop, parameters)
                .exceptionally(e -> refused(e, locale))
                .thenApply(unsigned -> signed.answer(shop.access(), unsigned));
    }

    private Shop verified(String call, Parameters parameters) {
        if (!CALLS.contains(call)) {
            throw Refusal.of(
                    Refusal.NO_SUCH_ACT,
                    "没有这个接口，可用的接口见 docs/epay.md",
                    "There is no such call; docs/epay.md lists what is offered");
        }
        return verify.byRsa(parameters);
    }

    private CompletionStage<JsonObjectBuilder> acted(String call, Shop shop, Parameters parameters) {
        try {
            return act(call, shop, parameters);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<JsonObjectBuilder> act(String call, Shop shop, Parameters parameters) {
        if (call.equals(CREATE)) return create(shop, parameters);
        refuseFieldsOfSubmit(parameters);
        return CompletableFuture.completedFuture(
                switch (call) {
                    case "pay/query" ->
                        success()
                                .addAll(trades.orderOfV2(
                                        trades.queried(shop, parameters),
                                        shop.access().pid()));
                    case "pay/refund" -> refund(shop, parameters);
                    case "pay/refundquery" -> refundQuery(shop, parameters);
                    case "pay/close" -> {
                        var closed = closePayment.of(trades.named(shop, parameters));
                        yield success().add("trade_no", Trade.number(closed)).add("out_trade_no", closed.outTradeNo());
                    }
                    case "merchant/info" -> info(shop);
                    case "merchant/orders" -> success().add("data", trades.list(shop, parameters, true));
                    default -> throw new IllegalStateException("/epay/api/" + call + " has no code");
                });
    }

    /**
     * The signature is of the parameters and not of the call, and the payer's browser has those of {@code submit}:
     * without this the payer could send them here, and refund the order or close it. The signed text does not show
     * where a value ends, so that fields could also be hidden in the value before them; none here has {@code &}.
     */
    private static void refuseFieldsOfSubmit(Parameters parameters) {
        parameters.all().forEach((name, value) -> {
            if (value.isEmpty()) return;
            if (OF_SUBMIT.contains(name)) {
                throw Refusal.general(
                        "此接口不接受参数 " + name + "，请去掉后重新签名：创建订单的参数不能用于其他接口",
                        name + " is not taken here; remove it and sign again:"
                                + " the parameters that create an order are for no other call");
            }
            if (value.indexOf('&') >= 0) {
                throw Refusal.general(
                        "此接口的参数不能含有 & 字符，请去掉后重新签名", "No parameter of this call may have &; remove it and sign again");
            }
        });
    }

    private CompletionStage<JsonObjectBuilder> create(Shop shop, Parameters parameters) {
        var method = parameters.required("method");
        if (!method.equals("web") && !method.equals("jump")) {
            throw Refusal.malformed(
                    "method",
                    "web 或 jump；不提供 jsapi、app、scan 和 applet，付款人可打开 jump 返回的页面",
                    "web or jump; jsapi, app, scan and applet are not offered: send the payer to the page of jump");
        }
        parameters.required("return_url");
        return openTrade
                .forServer(shop, parameters, 2, method.equals("jump"))
                .thenApply(next -> success()
                        .add("trade_no", Trade.number(next.order()))
                        .add(
                                "pay_type",
                                switch (next.form()) {
                                    case PAYURL -> "jump";
                                    case QRCODE -> "qrcode";
                                    case URLSCHEME -> "urlscheme";
                                })
                        .add("pay_info", next.content()));
    }

    private JsonObjectBuilder refund(Shop shop, Parameters parameters) {
        var number = Trades.refundNo(parameters, "out_refund_no").orElseThrow(() -> Refusal.missing("out_refund_no"));
        var order = trades.named(shop, parameters);
        var refund = trades.refund(order, number, parameters);
        return success()
                .add("refund_no", refund.outRefundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", Trade.number(order))
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()));
    }

    private JsonObjectBuilder refundQuery(Shop shop, Parameters parameters) {
        var refund = trades.queriedRefund(shop, parameters);
        var order = trades.orderOf(refund);
        return success()
                .add("refund_no", refund.outRefundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", Trade.number(order))
                .add("out_trade_no", order.outTradeNo())
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()))
                .add("status", status(refund))
                .add("addtime", Trade.time(refund.createdAt()));
    }

    /** 0 failed, 1 succeeded; 2, which epay does not know, while it is neither. */
    private static int status(Refund refund) {
        if (refund.state() == RefundState.SUCCEEDED) return 1;
        return refund.state().ended() ? 0 : 2;
    }

    private JsonObjectBuilder info(Shop shop) {
        var figures = trades.figures(shop).build();
        return success()
                .add("pid", shop.access().pid())
                .add("status", 1)
                .add("pay_status", 1)
                .add("settle_status", 0)
                .add("money", "0.00")
                .add("settle_type", 0)
                .add("settle_account", "")
                .add("settle_name", shop.merchant().name())
                .add("order_num", figures.getJsonNumber("orders"))
                .add("order_num_today", figures.getJsonNumber("order_today"))
                .add("order_num_lastday", figures.getJsonNumber("order_lastday"));
    }

    private static JsonObjectBuilder success() {
        return Json.createObjectBuilder().add("code", 0).add("msg", "ok");
    }

    private static JsonObjectBuilder refused(Throwable why, Locale locale) {
        var refusal = Refusal.of(why);
        return Json.createObjectBuilder().add("code", refusal.code).add("msg", refusal.text(locale));
    }
}
