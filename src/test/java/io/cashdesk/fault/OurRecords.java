package io.cashdesk.fault;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What our database has stored about some merchants, read from the tables and not through the code that wrote them. */
record OurRecords(
        List<Order> orders,
        List<Attempt> attempts,
        List<Receipt> receipts,
        List<Refund> refunds,
        List<Event> events,
        List<Delivery> deliveries,
        List<Closed> closed,
        List<Reports> reports) {
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
            Boolean acknowledged,
            Instant expiresAt) {
        static Order of(ResultSet r) throws SQLException {
            return new Order(
                    Sql.id(r, "id"),
                    r.getString("pid"),
                    r.getString("out_trade_no"),
                    r.getString("state"),
                    r.getLong("total_fee"),
                    r.getLong("refund_fee"),
                    r.getInt("refund_num"),
                    r.getString("needs_person"),
                    r.getString("transaction_id"),
                    Sql.id(r, "paid_receipt"),
                    r.getObject("user_order_success", Boolean.class),
                    Sql.instant(r, "expires_at"));
        }

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
            String providerNo,
            String state,
            Instant expiresAt,
            Instant nextQueryAt,
            int queries) {
        static Attempt of(ResultSet r) throws SQLException {
            return new Attempt(
                    Sql.id(r, "id"),
                    Sql.id(r, "order_id"),
                    r.getString("provider"),
                    plainMerchantNo(r),
                    r.getString("attempt_no"),
                    r.getString("provider_no"),
                    r.getString("state"),
                    Sql.instant(r, "expires_at"),
                    Sql.instant(r, "next_query_at"),
                    r.getInt("queries"));
        }

        boolean open() {
            return !List.of("PAID", "CLOSED", "FAILED").contains(state);
        }

        @Override
        public String toString() {
            return "attempt " + provider + " " + attemptNo + " " + state + " until " + expiresAt + " queried " + queries
                    + " times, next " + nextQueryAt;
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
            long refunded,
            boolean wentBack) {
        static Receipt of(ResultSet r) throws SQLException {
            return new Receipt(
                    Sql.id(r, "id"),
                    Sql.id(r, "order_id"),
                    r.getString("provider"),
                    plainMerchantNo(r),
                    r.getString("transaction_id"),
                    r.getLong("amount"),
                    r.getString("kind"),
                    r.getString("disposition"),
                    r.getLong("reserved"),
                    r.getLong("refunded"),
                    r.getBoolean("went_back"));
        }

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
            Instant nextQueryAt,
            int queries,
            String failure) {
        static Refund of(ResultSet r) throws SQLException {
            return new Refund(
                    Sql.id(r, "id"),
                    Sql.id(r, "order_id"),
                    Sql.id(r, "receipt_id"),
                    r.getString("provider"),
                    plainMerchantNo(r),
                    r.getString("refund_no"),
                    r.getString("out_refund_no"),
                    r.getLong("amount"),
                    r.getString("state"),
                    r.getString("cause"),
                    Sql.instant(r, "next_query_at"),
                    r.getInt("queries"),
                    r.getString("failure"));
        }

        boolean reserves() {
            return !List.of("CLOSED", "FAILED").contains(state);
        }

        boolean open() {
            return List.of("REQUESTING", "UNKNOWN", "WAITING", "PROCESSING").contains(state);
        }

        /**
         * VksPay and epay V1 have no number by which a refund could be found: what the order does not show is left to a
         * person, and never sent again.
         */
        boolean waitsForAPerson() {
            return provider.equals("vkspay") && state.equals("UNKNOWN");
        }

        @Override
        public String toString() {
            return "refund " + outRefundNo + " (" + cause + ", " + refundNo + ") " + amount + " " + state + " queried "
                    + queries + " times, next " + nextQueryAt + (failure == null ? "" : " " + failure);
        }
    }

    record Event(UUID id, UUID order, String type, UUID subject, String payload) {
        static Event of(ResultSet r) throws SQLException {
            return new Event(
                    Sql.id(r, "id"),
                    Sql.id(r, "order_id"),
                    r.getString("type"),
                    Sql.id(r, "subject"),
                    r.getString("payload"));
        }

        String webhookId() {
            return "msg_" + id.toString().replace("-", "");
        }

        @Override
        public String toString() {
            return "event " + type + " " + webhookId();
        }
    }

    /**
     * That an order was closed.
     *
     * @param by "deadline" or "merchant"
     */
    record Closed(UUID order, String by, Instant at) {
        static Closed of(ResultSet r) throws SQLException {
            return new Closed(Sql.id(r, "order_id"), r.getString("detail"), Sql.instant(r, "at"));
        }
    }

    /** How many different notifications of this provider about this order were verified and stored. */
    record Reports(UUID order, String provider, int count) {
        static Reports of(ResultSet r) throws SQLException {
            return new Reports(Sql.id(r, "order_id"), r.getString("provider"), r.getInt(3));
        }
    }

    record Delivery(UUID event, String path, String state, int tries) {
        static Delivery of(ResultSet r) throws SQLException {
            return new Delivery(
                    Sql.id(r, "event_id"),
                    URI.create(r.getString("url")).getPath(),
                    r.getString("state"),
                    r.getInt("tries"));
        }
    }

    /** Everything about the orders of these merchants. */
    static OurRecords read(String url, String[] pids) {
        var of = " join pay_order o on o.id = x.order_id join merchant m on m.id = o.merchant_id where m.pid = any (?)";
        return new OurRecords(
                Sql.of(url, """
                        select o.*, m.pid
                        from pay_order o
                        join merchant m on m.id = o.merchant_id
                        where m.pid = any (?)
                        order by o.created_at
                        """, Order::of, (Object) pids),
                Sql.of(url, "select x.* from attempt x" + of + " order by x.n", Attempt::of, (Object) pids),
                Sql.of(url, "select x.* from receipt x" + of, Receipt::of, (Object) pids),
                Sql.of(url, "select x.* from refund x" + of, Refund::of, (Object) pids),
                Sql.of(url, "select x.* from webhook_event x" + of, Event::of, (Object) pids),
                Sql.of(url, """
                        select d.event_id, e.url, d.state, d.tries
                        from webhook_delivery d
                        join webhook_endpoint e on e.id = d.endpoint_id
                        join webhook_event x on x.id = d.event_id
                        %s
                        """.formatted(of), Delivery::of, (Object) pids),
                Sql.of(
                        url,
                        "select x.order_id, x.detail, x.at from order_event x" + of + " and x.kind = 'closed'",
                        Closed::of,
                        (Object) pids),
                Sql.of(url, """
                        select x.order_id, p.provider, count(*)
                        from notification x
                        join provider_account p on p.id = x.account_id
                        %s and x.verdict = 'AUTHENTIC'
                        group by x.order_id, p.provider
                        """.formatted(of), Reports::of, (Object) pids));
    }

    /** As the provider knows it: what follows an @ is the site, which tells equal numbers of epay sites apart. */
    private static String plainMerchantNo(ResultSet r) throws SQLException {
        return r.getString("merchant_no").replaceAll("@.*", "");
    }
}
