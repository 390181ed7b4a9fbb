package io.cashdesk.fault;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Our own books, read from the tables and not through the code that wrote them. */
record Ours(
        List<Order> orders,
        List<Attempt> attempts,
        List<Receipt> receipts,
        List<Refund> refunds,
        List<Event> events,
        List<Delivery> deliveries,
        List<Closed> closed,
        List<News> news) {
    record Order(
            UUID id,
            String pid,
            String number,
            String state,
            long total,
            long refundFee,
            int refundNum,
            String needsPerson,
            String transactionId,
            UUID paidReceipt,
            Boolean handled,
            Instant expiresAt) {
        @Override
        public String toString() {
            return number + " of " + pid + " " + state + " total " + total + " refunded " + refundFee + " in "
                    + refundNum + (needsPerson == null ? "" : " needs a person: " + needsPerson);
        }
    }

    record Attempt(
            UUID id,
            UUID order,
            String provider,
            String merchantNo,
            String attemptNo,
            String state,
            Instant expiresAt,
            Instant nextAskAt,
            int asks) {
        boolean open() {
            return !List.of("PAID", "CLOSED", "FAILED").contains(state);
        }

        @Override
        public String toString() {
            return "attempt " + provider + " " + attemptNo + " " + state + " until " + expiresAt + " asked " + asks
                    + " times, next " + nextAskAt;
        }
    }

    record Receipt(
            UUID id,
            UUID order,
            String provider,
            String merchantNo,
            String transactionId,
            long amount,
            String kind,
            String disposition,
            long reserved,
            long refunded) {
        @Override
        public String toString() {
            return "receipt " + provider + " " + transactionId + " " + amount + " " + kind + " " + disposition
                    + " reserved " + reserved + " refunded " + refunded;
        }
    }

    record Refund(
            UUID id,
            UUID order,
            UUID receipt,
            String provider,
            String merchantNo,
            String refundNo,
            String outRefundNo,
            long amount,
            String state,
            String cause,
            Instant nextAskAt,
            int asks,
            String failure) {
        boolean reserves() {
            return !List.of("CLOSED", "FAILED").contains(state);
        }

        boolean open() {
            return List.of("ASKING", "UNKNOWN", "PROCESSING").contains(state);
        }

        @Override
        public String toString() {
            return "refund " + outRefundNo + " (" + cause + ", " + refundNo + ") " + amount + " " + state + " asked "
                    + asks + " times, next " + nextAskAt + (failure == null ? "" : " " + failure);
        }
    }

    record Event(UUID id, UUID order, String type, UUID subject, String payload) {
        String webhookId() {
            return "msg_" + id.toString().replace("-", "");
        }

        @Override
        public String toString() {
            return "event " + type + " " + webhookId();
        }
    }

    /** That an order was closed, and by whom: "deadline" or "merchant". */
    record Closed(UUID order, String by, Instant at) {}

    /** How many different messages of this provider about this order were verified and written down. */
    record News(UUID order, String provider, int count) {}

    record Delivery(UUID event, String path, String state, int tries) {}

    /** Everything about these merchants' orders. */
    static Ours read(String url, String[] pids) {
        var of = " join pay_order o on o.id = x.order_id join merchant m on m.id = o.merchant_id where m.pid = any (?)";
        return new Ours(
                Rows.of(
                        url,
                        "select o.*, m.pid from pay_order o join merchant m on m.id = o.merchant_id where m.pid = any (?)"
                                + " order by o.created_at",
                        r -> new Order(
                                Rows.id(r, "id"),
                                r.getString("pid"),
                                r.getString("out_trade_no"),
                                r.getString("state"),
                                r.getLong("total_fee"),
                                r.getLong("refund_fee"),
                                r.getInt("refund_num"),
                                r.getString("needs_person"),
                                r.getString("transaction_id"),
                                Rows.id(r, "paid_receipt"),
                                r.getObject("user_order_success", Boolean.class),
                                Rows.instant(r, "expires_at")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.* from attempt x" + of + " order by x.n",
                        r -> new Attempt(
                                Rows.id(r, "id"),
                                Rows.id(r, "order_id"),
                                r.getString("provider"),
                                r.getString("merchant_no"),
                                r.getString("attempt_no"),
                                r.getString("state"),
                                Rows.instant(r, "expires_at"),
                                Rows.instant(r, "next_ask_at"),
                                r.getInt("asks")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.* from receipt x" + of,
                        r -> new Receipt(
                                Rows.id(r, "id"),
                                Rows.id(r, "order_id"),
                                r.getString("provider"),
                                r.getString("merchant_no"),
                                r.getString("transaction_id"),
                                r.getLong("amount"),
                                r.getString("kind"),
                                r.getString("disposition"),
                                r.getLong("reserved"),
                                r.getLong("refunded")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.* from refund x" + of,
                        r -> new Refund(
                                Rows.id(r, "id"),
                                Rows.id(r, "order_id"),
                                Rows.id(r, "receipt_id"),
                                r.getString("provider"),
                                r.getString("merchant_no"),
                                r.getString("refund_no"),
                                r.getString("out_refund_no"),
                                r.getLong("amount"),
                                r.getString("state"),
                                r.getString("cause"),
                                Rows.instant(r, "next_ask_at"),
                                r.getInt("asks"),
                                r.getString("failure")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.* from webhook_event x" + of,
                        r -> new Event(
                                Rows.id(r, "id"),
                                Rows.id(r, "order_id"),
                                r.getString("type"),
                                Rows.id(r, "subject"),
                                r.getString("payload")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select d.event_id, e.url, d.state, d.tries from webhook_delivery d join webhook_endpoint e"
                                + " on e.id = d.endpoint_id join webhook_event x on x.id = d.event_id" + of,
                        r -> new Delivery(
                                Rows.id(r, "event_id"),
                                java.net.URI.create(r.getString("url")).getPath(),
                                r.getString("state"),
                                r.getInt("tries")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.order_id, x.detail, x.at from order_event x" + of + " and x.kind = 'closed'",
                        r -> new Closed(Rows.id(r, "order_id"), r.getString("detail"), Rows.instant(r, "at")),
                        (Object) pids),
                Rows.of(
                        url,
                        "select x.order_id, p.provider, count(*) from notification x join provider_account p on p.id = x.account_id"
                                + of + " and x.verdict = 'AUTHENTIC' group by x.order_id, p.provider",
                        r -> new News(Rows.id(r, "order_id"), r.getString("provider"), r.getInt(3)),
                        (Object) pids));
    }
}
