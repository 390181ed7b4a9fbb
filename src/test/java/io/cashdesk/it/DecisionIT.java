package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of what needs a person, and decisions about held money, through the management API. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecisionIT {
    static Shop shop;
    static Node node;
    static MerchantServer server;

    @BeforeAll
    static void open() {
        shop = new Shop("decision-it");
        node = shop.node;
        server = new MerchantServer();
        node.manage(
                "PUT",
                "merchants/decision-it/webhooks/all",
                Json.createObjectBuilder().add("url", server.url()).add("mode", "test"));
        node.manage(
                "PUT",
                "merchants/decision-it",
                Json.createObjectBuilder().add("late_payment", "hold").add("duplicate_payment", "hold"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /** Money that is held because its order was closed before. */
    private static String late() {
        var number = Shop.number();
        node.createPayment(shop.key, "alipay", number, 990);
        assertThat(shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}")
                        .status())
                .isEqualTo(200);
        pay(number, "alipay");
        return untilListed(number);
    }

    /** Money that is held because its order was paid before. */
    private static String duplicate(String... faults) {
        var number = Shop.number();
        for (var fault : faults) shop.setFault(number, fault);
        node.createPayment(shop.key, "alipay", number, 990);
        node.createPayment(shop.key, "wxpay", number, 990);
        pay(number, "wxpay");
        shop.untilPaid(number);
        pay(number, "alipay");
        return untilListed(number);
    }

    /** Money that is held because its amount differs. */
    private static String differs(String provider) {
        var number = Shop.number();
        shop.setFault(number, "NOTIFY_WRONG_AMOUNT");
        node.createPayment(shop.key, provider, number, 990);
        shop.pay(number);
        return untilListed(number);
    }

    private static void pay(String number, String provider) {
        node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"" + provider + "\"}");
    }

    private static String untilListed(String number) {
        Eventually.within(Duration.ofSeconds(10), "listed", () -> entry(number) != null);
        return number;
    }

    /** The order on the list, or null. */
    private static JsonObject entry(String number) {
        return all("mode=test&limit=500").stream()
                .filter(order -> order.getString("out_trade_no").equals(number))
                .findFirst()
                .orElse(null);
    }

    private static List<JsonObject> all(String query) {
        return list(query).json().getJsonArray("orders").getValuesAs(JsonObject.class);
    }

    private static Node.Answer list(String query) {
        return node.call("GET", "/api/manage/merchants/decision-it/needs-person?" + query, Node.MANAGE_TOKEN, null);
    }

    private static JsonObject receipt(String number) {
        return entry(number).getJsonArray("receipts").getJsonObject(0);
    }

    private static List<String> words(JsonObject in, String name) {
        return in.getJsonArray(name).getValuesAs(JsonString::getString);
    }

    private static JsonObjectBuilder decision(String receipt, String decision) {
        var body = Json.createObjectBuilder()
                .add("decision", decision)
                .add("reason", "looked at the console")
                .add("by", "李雷")
                .add("mode", "test");
        return receipt == null ? body : body.add("receipt", receipt);
    }

    /** A decision without a receipt, about these reasons. */
    private static Node.Answer settle(String number, List<String> reasons) {
        return node.manage(
                "POST", path(number), decision(null, "settle").add("reasons", Json.createArrayBuilder(reasons)));
    }

    private static List<String> reasonIds(String number) {
        return entry(number).getJsonArray("reasons").getValuesAs(JsonObject.class).stream()
                .map(r -> r.getString("id"))
                .toList();
    }

    private static Node.Answer decide(String number, String receipt, String decision) {
        return node.manage("POST", path(number), decision(receipt, decision));
    }

    private static String path(String number) {
        return "merchants/decision-it/orders/" + number + "/decisions";
    }

    private static void refused(Node.Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().getInt("code")).isEqualTo(code);
    }

    private static String receiptRow(String receipt) {
        return TestDatabase.text(
                node.dbUrl(),
                "select concat_ws(' ', kind, disposition, amount, reserved, refunded) from receipt where id = ?::uuid",
                receipt);
    }

    private static boolean webhook(String number, String type) {
        return server.about(number).stream().anyMatch(h -> h.body().contains("\"type\":\"" + type + "\""));
    }

    @Nested
    class The_list {
        @Test
        void shows_why_and_what_may_be_decided_of_late_and_double_money() {
            var late = late();
            var duplicate = duplicate();

            var entry = entry(late);
            assertThat(entry.getString("mode")).isEqualTo("test");
            assertThat(entry.getInt("status")).isEqualTo(-1);
            assertThat(entry.getJsonNumber("since").longValue()).isPositive();
            assertThat(entry.getJsonArray("reasons").getJsonObject(0).getString("reason"))
                    .contains("after the order was closed");
            assertThat(words(entry, "allowed")).isEmpty();
            var receipt = receipt(late);
            assertThat(receipt.getString("kind")).isEqualTo("late");
            assertThat(receipt.getString("provider")).isEqualTo("alipay");
            assertThat(receipt.getInt("amount")).isEqualTo(990);
            assertThat(receipt.getString("transaction_id")).isNotEmpty();
            assertThat(receipt.getJsonNumber("paid_at").longValue()).isPositive();
            assertThat(words(receipt, "allowed")).containsExactly("return", "accept", "settle");
            assertThat(words(receipt(duplicate), "allowed")).containsExactly("return", "settle");
        }

        @Test
        void has_pages_oldest_first_and_separates_test_from_live() {
            var first = late();
            var second = late();

            var numbers = new ArrayList<String>();
            var cursor = "";
            do {
                var page = list("mode=test&limit=1" + cursor).json();
                page.getJsonArray("orders")
                        .getValuesAs(JsonObject.class)
                        .forEach(o -> numbers.add(o.getString("out_trade_no")));
                cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
            } while (!cursor.isEmpty());

            assertThat(numbers).doesNotHaveDuplicates().containsSubsequence(first, second);
            assertThat(numbers)
                    .containsExactlyElementsOf(all("mode=test&limit=500").stream()
                            .map(o -> o.getString("out_trade_no"))
                            .toList());
            assertThat(all("")).as("live").isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "limit=0, 1102",
            "limit=501, 1102",
            "cursor=x, 1102",
            "cursor=1.x, 1102",
            "mode=both, 1102",
            "pid=x, 1101"
        })
        void refuses_what_it_does_not_know(String query, int code) {
            refused(list(query), 400, code);
        }

        @Test
        void needs_the_token_and_a_merchant() {
            refused(node.call("GET", "/api/manage/merchants/decision-it/needs-person", "wrong", null), 401, 4004);
            refused(node.call("GET", "/api/manage/merchants/nobody/needs-person", Node.MANAGE_TOKEN, null), 404, 4005);
            refused(node.call("POST", "/api/manage/" + path("X"), "wrong", "{}"), 401, 4004);
        }
    }

    @Test
    void late_money_that_is_accepted_pays_the_order_as_the_policy_would_have() {
        var number = late();
        var receipt = receipt(number).getString("receipt");

        var answer = decide(number, receipt, "accept");
        var again = decide(number, receipt, "accept");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(answer.body());
        refused(decide(number, receipt, "return"), 409, 2033);
        var order =
                node.queryPayment(shop.key, number, ",\"pay_order_info\":true").getJsonObject("payOrder");
        assertThat(order.getInt("status")).isEqualTo(1);
        assertThat(order.getInt("refund_fee", 0)).isZero();
        assertThat(receiptRow(receipt)).isEqualTo("ORDER COUNTED 990 0 0");
        assertThat(entry(number)).isNull();
        Eventually.within(Duration.ofSeconds(15), "delivered", () -> webhook(number, "payment.paid"));
        assertThat(TestDatabase.text(node.dbUrl(), """
                select e.detail
                from order_event e
                join pay_order o on o.id = e.order_id
                where e.kind = 'decided' and o.out_trade_no = ?
                """, number))
                .contains("\"decision\":\"accept\"", receipt, "looked at the console", "李雷");
    }

    @Test
    void double_money_that_is_returned_changes_neither_status_nor_refund_fee() {
        var number = duplicate();
        var receipt = receipt(number).getString("receipt");

        assertThat(decide(number, receipt, "return").status()).isEqualTo(200);

        assertThat(entry(number)).isNull();
        Eventually.within(
                Duration.ofSeconds(20), "returned", () -> receiptRow(receipt).equals("DUPLICATE RETURNED 990 990 990"));
        assertThat(decide(number, receipt, "return").status()).as("repeated").isEqualTo(200);
        refused(decide(number, receipt, "settle"), 409, 2033);
        var order =
                node.queryPayment(shop.key, number, ",\"pay_order_info\":true").getJsonObject("payOrder");
        assertThat(order.getInt("status")).isEqualTo(1);
        assertThat(order.getInt("refund_fee", 0)).isZero();
        Eventually.within(Duration.ofSeconds(15), "delivered", () -> webhook(number, "refund.succeeded"));
        assertThat(server.about(number).toString()).contains("\"cause\":\"held\"");
    }

    @Test
    void money_whose_refund_fails_for_good_is_held_again_and_can_be_settled() {
        var number = duplicate("REFUND_NOT_ALLOWED");
        var receipt = receipt(number).getString("receipt");

        decide(number, receipt, "return");

        Eventually.within(Duration.ofSeconds(20), "held again", () -> entry(number) != null);
        assertThat(receiptRow(receipt)).isEqualTo("DUPLICATE HELD 990 0 0");
        assertThat(entry(number).getJsonArray("reasons").toString()).contains("could not be sent back", receipt);
        assertThat(decide(number, receipt, "settle").status()).isEqualTo(200);
        assertThat(receiptRow(receipt)).isEqualTo("DUPLICATE SETTLED 990 0 0");
        assertThat(entry(number)).isNull();
    }

    /** Its refund was decided or is the policy, and is refused for a passing reason for 24 hours. */
    private static String returnedInVain() {
        var number = duplicate("REFUND_NOT_ENOUGH");
        decide(number, receipt(number).getString("receipt"), "return");
        Eventually.within(Duration.ofSeconds(15), "refused", () -> refund("failure", number) != null);
        assertThat(entry(number)).isNull();
        ofRefund(number, "created_at = created_at - interval '24 hours', next_query_at = now()");
        return untilListed(number);
    }

    private static String refund(String column, String number) {
        return TestDatabase.text(
                node.dbUrl(),
                "select r." + column + "::text from refund r join pay_order o on o.id = r.order_id"
                        + " where o.out_trade_no = ?",
                number);
    }

    private static void ofRefund(String number, String change) {
        TestDatabase.execute(
                node.dbUrl(),
                "update refund set " + change + " where order_id = (select id from pay_order where out_trade_no = '"
                        + number + "')");
    }

    @Test
    void settling_money_whose_refund_is_tried_in_vain_stops_the_refund() {
        var number = returnedInVain();
        var entry = entry(number);
        var receipt = receipt(number).getString("receipt");
        assertThat(entry.getJsonArray("reasons").toString()).contains("could not be sent back for 24 hours", receipt);
        assertThat(words(receipt(number), "allowed")).containsExactly("settle");
        assertThat(words(entry, "allowed")).isEmpty();
        refused(decide(number, null, "settle"), 409, 2032);
        assertThat(decide(number, receipt, "return").status())
                .as("decided before")
                .isEqualTo(200);

        var settled = decide(number, receipt, "settle");

        assertThat(settled.status()).as(settled.body()).isEqualTo(200);
        assertThat(decide(number, receipt, "settle").body()).isEqualTo(settled.body());
        assertThat(receiptRow(receipt)).isEqualTo("DUPLICATE SETTLED 990 0 0");
        assertThat(refund("state || ' ' || r.failure", number)).isEqualTo("FAILED settled by an operator");
        assertThat(entry(number)).isNull();
        Eventually.within(Duration.ofSeconds(15), "reported", () -> webhook(number, "refund.failed"));
        shop.simulator.clearFaults(number);
        assertThat(refund("next_query_at", number)).as("no repetition").isNull();
        var again = shop.call(
                "refund",
                "{\"out_trade_no\":\"" + number + "\",\"out_refund_no\":\"" + refund("out_refund_no", number) + "\"}");
        refused(again, 422, 2015);
        assertThat(shop.simulator.records(number).toString()).doesNotContain(refund("refund_no", number));
    }

    @Test
    void money_whose_refund_may_have_been_sent_cannot_be_settled() {
        var number = returnedInVain();
        var receipt = receipt(number).getString("receipt");
        ofRefund(
                number,
                "state = 'UNKNOWN', unknown_since = now(), maybe_sent_at = now(), next_query_at = now() + interval '1 hour'");

        assertThat(words(receipt(number), "allowed")).isEmpty();
        var answer = decide(number, receipt, "settle");

        refused(answer, 409, 2032);
        assertThat(answer.body()).contains("may have reached alipay");
        refused(decide(number, null, "settle"), 409, 2032);
        assertThat(receiptRow(receipt)).isEqualTo("DUPLICATE RETURNING 990 990 0");
        shop.simulator.clearFaults(number);
        ofRefund(number, "next_query_at = now()");
        Eventually.within(
                Duration.ofSeconds(20), "returned", () -> receiptRow(receipt).equals("DUPLICATE RETURNED 990 990 990"));
        assertThat(decide(number, null, "settle").status())
                .as("the reason is about no held money any more")
                .isEqualTo(200);
        assertThat(entry(number)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void an_order_with_money_of_another_amount_is_not_closed_until_it_is_decided(String provider) {
        var number = differs(provider);
        var receipt = receipt(number).getString("receipt");
        var close = "{\"out_trade_no\":\"" + number + "\"}";
        assertThat(words(receipt(number), "allowed")).containsExactly("return", "settle");
        refused(decide(number, receipt, "accept"), 409, 2032);
        refused(decide(number, null, "settle"), 409, 2032);
        refused(settle(number, reasonIds(number)), 409, 2032);

        refused(shop.call("closePayment", close), 409, 2009);
        var envelope =
                node.call("POST", "/http/vk-pay", shop.key, "{\"action\":\"pay/closePayment\",\"data\":" + close + "}");
        assertThat(envelope.status()).isEqualTo(200);
        assertThat(envelope.json().getInt("code")).isEqualTo(2009);
        assertThat(node.createPayment(shop.key, provider, number, 990).json().getInt("code"))
                .isEqualTo(2009);

        assertThat(decide(number, receipt, "settle").status()).isEqualTo(200);
        assertThat(node.createPayment(shop.key, provider.equals("wxpay") ? "alipay" : "wxpay", number, 990)
                        .json()
                        .getInt("code"))
                .as("it takes attempts again")
                .isZero();
        assertThat(shop.call("closePayment", close).json().getInt("code")).isZero();
        assertThat(shop.call("closePayment", close).json().getInt("code")).isZero();
    }

    @Test
    void closing_a_flagged_order_closes_nothing_at_the_provider() {
        var number = Shop.number();
        node.createPayment(shop.key, "wxpay", number, 990);
        flag(number);

        refused(shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}"), 409, 2009);

        assertThat(state(number)).isEqualTo("NOTPAY");
        assertThat(words(entry(number), "allowed")).containsExactly("settle");
        assertThat(entry(number).getJsonArray("receipts")).isEmpty();
        var settled = settle(number, List.of(LOOK));
        assertThat(settled.status()).as(settled.body()).isEqualTo(200);
        assertThat(settle(number, List.of(LOOK)).body()).isEqualTo(settled.body());
        assertThat(entry(number)).isNull();
    }

    @Test
    void what_has_no_receipt_is_settled_as_a_whole_and_held_money_must_be_named() {
        var number = Shop.number();
        node.createPayment(shop.key, "wxpay", number, 990);
        refused(node.manage("POST", path(number), decision(null, "settle")), 409, 2032);
        flag(number, LOOK, LATER);

        var settled = node.manage("POST", path(number), decision(null, "settle"));
        assertThat(settled.status()).as(settled.body()).isEqualTo(200);
        assertThat(entry(number)).isNull();
        assertThat(node.manage("POST", path(number), decision(null, "settle")).body())
                .as("repeated")
                .isEqualTo(settled.body());

        var held = late();
        refused(node.manage("POST", path(held), decision(null, "settle")), 409, 2032);
        assertThat(entry(held).getJsonArray("receipts")).hasSize(1);
    }

    @Test
    void a_reason_that_arises_after_the_list_was_read_stays_open() {
        var number = Shop.number();
        node.createPayment(shop.key, "wxpay", number, 990);
        flag(number);
        var seen = reasonIds(number);
        assertThat(seen).containsExactly(LOOK);
        flag(number, LOOK, LATER);

        assertThat(settle(number, seen).status()).isEqualTo(200);

        assertThat(reasonIds(number)).containsExactly(LATER);
        assertThat(settle(number, seen).status()).as("repeated").isEqualTo(200);
        assertThat(reasonIds(number)).containsExactly(LATER);
        var returned = decision(null, "return").add("reasons", Json.createArrayBuilder(List.of(LATER)));
        refused(node.manage("POST", path(number), returned), 409, 2032);
        refused(settle(number, List.of("019abb12-0000-7000-8000-000000000002")), 409, 2032);
        assertThat(settle(number, List.of(LATER)).status()).isEqualTo(200);
        assertThat(entry(number)).isNull();
    }

    private static final String LOOK = "019abb12-0000-7000-8000-000000000000";
    private static final String LATER = "019abb12-0000-7000-8000-000000000001";

    /** Reasons without a receipt, as they are stored; the first one if none is named. */
    private static void flag(String number, String... ids) {
        var reasons = Stream.of(ids.length == 0 ? new String[] {LOOK} : ids)
                .map(id -> "{\"id\": \"" + id + "\", \"reason\": \"look " + id + "\"}")
                .collect(Collectors.joining(", ", "[", "]"));
        TestDatabase.execute(node.dbUrl(), """
                update pay_order
                set needs_person = 'look', needs_person_since = now(), open_reasons = '%s'
                where out_trade_no = '%s'
                """.formatted(reasons, number));
    }

    private static String state(String number) {
        return node.simulator("books?provider=wxpay&out_trade_no=" + number, null)
                .json()
                .getString("state");
    }

    @Test
    void an_attempt_of_a_flagged_order_is_closed_in_time_and_the_order_is_not() {
        var number = Shop.number();
        node.createPayment(shop.key, "wxpay", number, 990);
        flag(number);
        TestDatabase.execute(node.dbUrl(), """
                update attempt
                set close_at = now(), next_query_at = now()
                where order_id = (select id from pay_order where out_trade_no = '%s')
                """.formatted(number));
        TestDatabase.execute(
                node.dbUrl(),
                "update pay_order set expires_at = now(), next_close_at = now() where out_trade_no = '" + number + "'");

        Eventually.within(
                Duration.ofSeconds(20),
                "closed at the provider",
                () -> state(number).equals("CLOSED"));
        assertThat(orderState(number)).isEqualTo("UNPAID");

        // as if the job had looked at it and would look again in an hour
        TestDatabase.execute(
                node.dbUrl(),
                "update pay_order set next_close_at = now() + interval '1 hour' where out_trade_no = '" + number + "'");
        settle(number, List.of(LOOK));
        assertThat(orderState(number)).isEqualTo("CLOSED");
    }

    private static String orderState(String number) {
        return TestDatabase.text(node.dbUrl(), "select state from pay_order where out_trade_no = ?", number);
    }

    @Test
    void of_two_decisions_at_the_same_moment_one_wins() {
        var number = late();
        var receipt = receipt(number).getString("receipt");

        var answers = Stream.of("accept", "return", "settle")
                .map(d -> CompletableFuture.supplyAsync(
                        () -> decide(number, receipt, d).status(), task -> new Thread(task).start()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).containsExactlyInAnyOrder(200, 409, 409);
    }

    @Test
    void a_decision_is_read_strictly() {
        var number = late();
        var receipt = receipt(number).getString("receipt");

        var unknown =
                node.manage("POST", path(number), decision(receipt, "settle").add("note", "x"));
        refused(unknown, 400, 1101);
        assertThat(unknown.body()).contains("note");
        refused(node.manage("POST", path(number), decision(receipt, "keep")), 400, 1102);
        refused(node.manage("POST", path(number), decision("x", "settle")), 400, 1102);
        refused(node.manage("POST", path(number), decision(receipt, "settle").add("reason", "")), 400, 1102);
        refused(
                node.manage("POST", path(number), decision(receipt, "settle").add("reason", "x".repeat(201))),
                400,
                1102);
        refused(node.manage("POST", path(number), decision(receipt, "settle").add("by", JsonValue.NULL)), 400, 1102);
        refused(node.manage("POST", path(number), decision(receipt, "settle").add("by", "x".repeat(65))), 400, 1102);
        refused(node.manage("POST", path(number), decision(receipt, "settle").add("mode", "both")), 400, 1102);
        for (var name : List.of("mode", "receipt", "reasons")) {
            var answer = node.manage(
                    "POST", path(number), decision(receipt, "settle").add(name, JsonValue.NULL));
            refused(answer, 400, 1102);
            assertThat(answer.body()).contains(name, "null");
        }
        refused(
                node.manage(
                        "POST",
                        path(number),
                        decision(receipt, "settle").add("reasons", Json.createArrayBuilder(List.of(LOOK)))),
                400,
                1102);
        refused(settle(number, List.of("x")), 400, 1102);
        refused(decide(Shop.number(), receipt, "settle"), 404, 2001);
        refused(decide(late(), receipt, "settle"), 404, 2031);
        assertThat(receiptRow(receipt)).isEqualTo("LATE HELD 990 0 0");
    }
}
