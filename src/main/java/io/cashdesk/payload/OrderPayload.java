package io.cashdesk.payload;

import io.cashdesk.refund.RefundView;
import io.cashdesk.view.OrderView;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pay order with the field names of a {@code vk-pay-orders} row: {@code payOrder} in answers, {@code data} in
 * webhooks and for handlers. Amounts are fen, times Unix milliseconds; what is not known is absent.
 */
public final class OrderPayload {
    /**
     * Every name that a row may use: {@code custom} must not have a key of that name, because webhooks carry both on
     * one level.
     */
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
            "expand_data",
            "store_price",
            "store_currency",
            "store_environment",
            "original_transaction_id",
            "original_out_trade_no"));

    private OrderPayload() {}

    /** As {@code payOrder} in an answer. */
    public static JsonObject of(OrderView order) {
        return fields(order).build();
    }

    /** As {@code data} in a webhook and for a handler: the keys of {@code custom} beside the others. */
    public static JsonObject withCustomBeside(OrderView order) {
        var fields = fields(order);
        object(order.content().custom()).forEach(fields::add);
        return fields.build();
    }

    /**
     * As {@code payOrder} in an answer to a publishable key: number, status, amount and times; nothing personal,
     * nothing of the merchant's own and nothing of the provider's.
     */
    public static JsonObject forClient(OrderView order) {
        var fields = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .add("status", order.status().code())
                .add("total_fee", order.content().total().minor());
        order.handled().ifPresent(h -> fields.add("user_order_success", h));
        times(fields, order);
        return fields.build();
    }

    private static JsonObjectBuilder fields(OrderView order) {
        var content = order.content();
        var payer = order.payer();
        var payment = order.payment();
        var fields = Json.createObjectBuilder()
                .add("_id", order.id().toString())
                .add("pid", order.pid())
                .add("out_trade_no", order.outTradeNo())
                .add("status", order.status().code())
                .add("type", content.type())
                .add("description", content.subject())
                .add("total_fee", content.total().minor())
                .add("refund_fee", order.refunded().amount().minor())
                .add("refund_num", order.refunded().number())
                .add("refund_list", list(order.refunded().refunds()))
                .add("platform", payer.platform())
                .add("uni_platform", uniPlatform(payer.platform()))
                .add("custom", object(content.custom()));
        payment.payType()
                .ifPresent(t -> fields.add("pay_type", t.toString())
                        .add("provider", t.provider().value()));
        text(fields, "transaction_id", payment.transactionId());
        text(fields, "user_id", payer.userId());
        text(fields, "nickname", payer.nickname());
        text(fields, "client_ip", payer.clientIp());
        text(fields, "openid", payer.openid());
        text(fields, "appid", payer.appid());
        text(fields, "provider_pay_method", payer.payMethod());
        content.goods().ifPresent(goods -> fields.add("expand_data", object(goods)));
        text(fields, "mch_id", payment.merchantNo());
        text(fields, "provider_appid", payment.appId());
        order.handled().ifPresent(h -> fields.add("user_order_success", h));
        payment.learntBy().ifPresent(by -> fields.add("notify_mode", by == OrderView.LearntBy.NOTIFICATION ? 1 : 0));
        times(fields, order);
        payment.evidence().ifPresent(e -> fields.add("notify_info", object(e)));
        payment.originalData().ifPresent(d -> fields.add("original_data", value(d)));
        payment.notifyUrl().map(URI::create).ifPresent(url -> notifiedAt(fields, url));
        payment.store().ifPresent(store -> store(fields, store));
        var partner = payment.partner();
        text(fields, "app_auth_token", partner.maskedToken());
        text(fields, "auth_appid", partner.authAppId());
        text(fields, "seller_id", partner.sellerId());
        return fields;
    }

    private static void store(JsonObjectBuilder fields, OrderView.Store store) {
        store.price()
                .ifPresent(price -> fields.add("store_price", price.minor()).add("store_currency", price.currency()));
        fields.add("store_environment", store.environment());
        text(fields, "original_transaction_id", store.firstTransactionId());
        text(fields, "original_out_trade_no", store.firstOrder());
    }

    private static void times(JsonObjectBuilder fields, OrderView order) {
        moment(fields, "create_date", Optional.of(order.createdAt()));
        moment(fields, "pay_date", order.payment().paidAt());
        moment(fields, "notify_date", order.payment().learntAt());
        moment(fields, "cancel_date", order.closedAt());
    }

    private static JsonArrayBuilder list(List<RefundView> succeeded) {
        var list = Json.createArrayBuilder();
        for (var refund : succeeded) {
            list.add(Json.createObjectBuilder()
                    .add("refund_date", refund.finishedAt().orElseThrow().toEpochMilli())
                    .add("refund_fee", refund.amount().minor())
                    .add("out_refund_no", refund.outRefundNo())
                    .add("refund_desc", refund.reason()));
        }
        return list;
    }

    /** Both together are the whole address. */
    private static void notifiedAt(JsonObjectBuilder fields, URI url) {
        var path = url.getRawPath();
        var whole = url.toString();
        fields.add("notify_url", whole.substring(0, whole.length() - path.length()))
                .add("notify_path", path);
    }

    private static JsonValue value(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static void text(JsonObjectBuilder fields, String name, Optional<String> value) {
        value.ifPresent(v -> fields.add(name, v));
    }

    private static void moment(JsonObjectBuilder fields, String name, Optional<Instant> at) {
        at.ifPresent(t -> fields.add(name, t.toEpochMilli()));
    }

    /** The platform in uni-app's names. */
    private static String uniPlatform(String platform) {
        return switch (platform) {
            case "h5" -> "web";
            case "app-plus" -> "app";
            default -> platform;
        };
    }
}
