package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;

/** Plays {@code wx.requestVirtualPayment}: its arguments, the payer's decision, its result. */
@ApplicationScoped
class VirtualCall {
    private static final String NAME = "requestVirtualPayment:";
    private static final int FAILED = -1;
    private static final int CANCELLED = -2;

    @Inject
    VirtualPhone phone;

    @Inject
    TradeOperations operations;

    /**
     * @param errCode 0 for success
     * @param code opens the wallet page of the order; empty if none was made
     */
    record Result(int errCode, String errMsg, String code) {
        JsonObject json() {
            var json = Json.createObjectBuilder().add("errMsg", errMsg).add("errCode", errCode);
            if (!code.isEmpty()) json.add("code", code);
            return json.build();
        }
    }

    /**
     * @param arguments {@code mode, signData, paySig, signature}
     * @param openid of the user who holds the phone, or an empty text
     */
    Result play(JsonObject arguments, String openid, boolean ios, VirtualOutcome outcome) {
        try {
            var trade = phone.open(new VirtualPhone.Request(
                    text(arguments, "mode"),
                    text(arguments, "signData"),
                    text(arguments, "paySig"),
                    text(arguments, "signature"),
                    openid,
                    ios));
            return after(trade, outcome);
        } catch (ClientRefusal refused) {
            return failed(refused.errCode(), refused.getMessage(), "");
        }
    }

    private Result after(Trade trade, VirtualOutcome outcome) {
        return switch (outcome) {
            case PAY ->
                operations.pay(trade)
                        ? new Result(0, NAME + "ok", trade.code())
                        : failed(ClientRefusal.CLOSED, "订单已关闭", trade.code());
            case CANCEL -> {
                operations.decline(trade);
                yield failed(CANCELLED, "cancel", trade.code());
            }
            case FAIL -> failed(FAILED, "支付失败", trade.code());
            case CLOSE -> {
                operations.close(trade);
                yield failed(ClientRefusal.CLOSED, "底层失败，订单已关闭", trade.code());
            }
            case OPEN -> new Result(0, "", trade.code());
        };
    }

    private static Result failed(int errCode, String why, String code) {
        return new Result(errCode, NAME + "fail " + why, code);
    }

    private static String text(JsonObject arguments, String name) {
        if (arguments.get(name) instanceof JsonString s && !s.getString().isEmpty()) return s.getString();
        throw new ClientRefusal(ClientRefusal.MISSING, "parameter error: " + name + " 须为文本");
    }
}
