package io.cashdesk.view;

import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The pay order in the words of a {@code vk-pay-orders} row: for {@code payOrder} in answers and {@code data} in webhooks. */
@ApplicationScoped
public class OrderRecord {
    /** Every name that the record may use: {@code custom} must not have a key of that name, because both stand side by side. */
    public static final Set<String> FIELDS = new TreeSet<>(Set.of(
            "_id",
            "pid",
            "provider",
            "pay_type",
            "platform",
            "uni_platform",
            "status",
            "type",
            "out_trade_no",
            "transaction_id",
            "user_id",
            "nickname",
            "device_id",
            "client_ip",
            "openid",
            "appid",
            "description",
            "total_fee",
            "refund_fee",
            "refund_num",
            "refund_list",
            "user_order_success",
            "custom",
            "create_date",
            "pay_date",
            "notify_date",
            "cancel_date",
            "stat_data",
            "app_auth_token",
            "auth_appid",
            "seller_id",
            "notify_mode",
            "notify_url",
            "notify_path",
            "mch_id",
            "provider_appid",
            "provider_pay_method",
            "original_data",
            "notify_info",
            "expand_data"));

    @Inject
    Merchants merchants;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    /** Amounts are fen, times Unix milliseconds; what is not known is absent. */
    public JsonObject of(PayOrder order) {
        return record(order).build();
    }

    /** The same with the keys of {@code custom} beside it, as handlers and webhooks see it. */
    public JsonObject withCustomBeside(PayOrder order) {
        var record = record(order);
        custom(order).forEach(record::add);
        return record.build();
    }

    private JsonObjectBuilder record(PayOrder order) {
        var record = Json.createObjectBuilder()
                .add("_id", order.id().toString())
                .add("pid", merchants.byId(order.merchantId()).pid())
                .add("out_trade_no", order.outTradeNo())
                .add("status", order.status())
                .add("type", order.type())
                .add("description", order.subject())
                .add("total_fee", order.total().minor())
                .add("refund_fee", order.refundFee())
                .add("refund_num", order.refundNum())
                .add("refund_list", refundList(order))
                .add("platform", order.platform())
                .add("uni_platform", uniPlatform(order.platform()))
                .add("custom", custom(order));
        order.payType().ifPresent(t -> record.add("pay_type", t).add("provider", t.substring(0, t.indexOf('_'))));
        text(record, "transaction_id", order.transactionId());
        text(record, "user_id", order.userId());
        text(record, "nickname", order.nickname());
        text(record, "client_ip", order.clientIp());
        text(record, "openid", order.openid());
        text(record, "appid", order.appid());
        text(record, "mch_id", order.providerMerchantNo());
        text(record, "provider_appid", order.providerAppId());
        order.userOrderSuccess().ifPresent(s -> record.add("user_order_success", s));
        order.notifyMode().ifPresent(m -> record.add("notify_mode", m));
        moment(record, "create_date", Optional.of(order.createdAt()));
        moment(record, "pay_date", order.paidAt());
        moment(record, "notify_date", order.notifiedAt());
        moment(record, "cancel_date", order.closedAt());
        order.paidReceipt()
                .flatMap(receipts::byId)
                .map(Receipt::evidence)
                .ifPresent(evidence -> record.add("notify_info", object(evidence)));
        return record;
    }

    /** What has gone back, the newest first. */
    private JsonArrayBuilder refundList(PayOrder order) {
        var list = Json.createArrayBuilder();
        if (order.refundFee() == 0) return list;
        for (var refund : refunds.of(order.id())) {
            if (refund.state() != RefundState.SUCCEEDED) continue;
            list.add(Json.createObjectBuilder()
                    .add("refund_date", refund.finishedAt().orElseThrow().toEpochMilli())
                    .add("refund_fee", refund.amount().minor())
                    .add("out_refund_no", refund.outRefundNo())
                    .add("refund_desc", refund.reason()));
        }
        return list;
    }

    private static JsonObject custom(PayOrder order) {
        return object(order.custom());
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static void text(JsonObjectBuilder record, String name, Optional<String> value) {
        value.ifPresent(v -> record.add(name, v));
    }

    private static void moment(JsonObjectBuilder record, String name, Optional<Instant> at) {
        at.ifPresent(t -> record.add(name, t.toEpochMilli()));
    }

    private static String uniPlatform(String platform) {
        return switch (platform) {
            case "h5" -> "web";
            case "app-plus" -> "app";
            default -> platform;
        };
    }
}
