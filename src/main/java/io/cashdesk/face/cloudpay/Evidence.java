package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.Refund;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;

/** What WeChat Pay reported of payments and refunds, through API v2 or v3: CloudPay's answers repeat its fields. */
@ApplicationScoped
class Evidence {
    @Inject
    Receipts receipts;

    /** The transaction that paid an order; the problem ORDER_UNPAID if there is none. */
    Reported payment(PayOrder order) {
        return order.paidReceipt()
                .flatMap(id -> receipts.byId(order.key(), id))
                .map(Receipt::evidence)
                .map(Evidence::object)
                .map(Reported::payment)
                .orElseThrow(() -> ProblemType.ORDER_UNPAID.with(order.outTradeNo()));
    }

    /** All reports of a refund together; empty if there was none. */
    static Reported of(Refund refund) {
        return Reported.refund(
                refund.reports().map(Evidence::object).orElse(JsonObject.EMPTY_JSON_OBJECT), refund.refundNo());
    }

    /** Whether the provider's answer to a query is among the reports: v3's state is in it, and v2's list of refunds. */
    static boolean ofQuery(Refund refund) {
        var reports = refund.reports().map(Evidence::object).orElse(JsonObject.EMPTY_JSON_OBJECT);
        return reports.containsKey("status") || reports.containsKey("out_refund_no_0");
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
