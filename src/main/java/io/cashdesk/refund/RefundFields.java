package io.cashdesk.refund;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.order.OutTradeNo;
import jakarta.json.JsonString;
import java.util.Optional;

/** The fields of refund and queryRefund, read strictly ({@code docs/api.md}, "refund"). */
final class RefundFields {
    private static final int LONGEST_REASON = 80;

    /** More than any order; what exceeds the order itself is refused when it is known. */
    private static final long MOST_FEN = 99_999_999_999L;

    private RefundFields() {}

    static OutTradeNo outTradeNo(JsonBody body) {
        return new OutTradeNo(body.json().get("out_trade_no") instanceof JsonString s ? s.getString() : null);
    }

    static RefundPayment.Wish wish(JsonBody body) {
        return new RefundPayment.Wish(
                outRefundNo(body),
                refundFee(body),
                body.text("refund_desc", LONGEST_REASON).orElse(""),
                null);
    }

    /** Null is refused, because a refund without a number is another refund at each call. */
    static Optional<String> outRefundNo(JsonBody body) {
        if (!body.json().containsKey("out_refund_no")) return Optional.empty();
        if (body.json().get("out_refund_no") instanceof JsonString s
                && s.getString().matches("[0-9A-Za-z_|*@-]{1,64}")) {
            return Optional.of(s.getString());
        }
        throw body.malformed(
                "out_refund_no", "1 至 64 个字符，由数字、字母和 _ - * | @ 组成", "1 to 64 of digits, letters, _ - * | and @");
    }

    /**
     * In fen. Absent means everything that is left; null, an empty text or 0 is a mistake of the caller and refunds
     * nothing.
     */
    private static Optional<Long> refundFee(JsonBody body) {
        if (!body.json().containsKey("refund_fee")) return Optional.empty();
        var fen = JsonBody.wholeNumber(body.json().get("refund_fee")).filter(f -> f > 0 && f <= MOST_FEN);
        if (fen.isPresent()) return fen;
        throw body.malformed("refund_fee", "正整数，单位为分", "a positive integer in fen");
    }
}
