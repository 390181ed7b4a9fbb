package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Refunds that payers request at the simulated Douyin. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefundRequestIT {
    static DouyinShop douyin;
    static MerchantServer server;

    @BeforeAll
    static void open() {
        douyin = new DouyinShop("refund-request-it", "trade");
        server = new MerchantServer();
        douyin.shop.node.manage(
                "PUT",
                "merchants/" + douyin.shop.pid + "/webhooks/all",
                Json.createObjectBuilder().add("url", server.url()).add("mode", "live"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /** The payer requests a refund of a paid order; Douyin's number of the request, once it is stored here. */
    private static String requested(String number, int amount) {
        var body = Json.createObjectBuilder()
                .add("order_id", douyin.orderId(number))
                .add("amount", amount)
                .add("reason", "不想要了");
        var answer =
                douyin.shop.node.simulator("douyin/refundRequest", body.build().toString());
        assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
        var id = answer.json().getString("refund_id");
        Eventually.within(
                DouyinShop.SOON,
                "the request is stored",
                () -> douyin.get("refund-requests?limit=500").toString().contains(id));
        return id;
    }

    private static JsonObject request(String id) {
        return douyin.get("refund-requests/" + id).getJsonObject("refund_request");
    }

    private static void untilState(String id, String state) {
        Eventually.within(
                DouyinShop.SOON,
                id + " is " + state,
                () -> request(id).getString("state").equals(state));
    }

    /** The decision about the request, as the simulated Douyin has it. */
    private static JsonObject atDouyin(String number, String id) {
        return douyin.shop.simulator.records(number).getJsonArray("refunds").stream()
                .map(JsonValue::asJsonObject)
                .filter(refund -> refund.getString("refund_id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Node.Answer accept(String id) {
        return douyin.post(
                "refund-requests/" + id,
                Json.createObjectBuilder().add("decision", "accept").add("by", "Wang"));
    }

    private static JsonObject refund(String number, String refundNo, int fen) {
        return douyin.shop
                .call(
                        "refund",
                        "{\"out_trade_no\":\"" + number + "\",\"out_refund_no\":\"" + refundNo + "\",\"refund_fee\":"
                                + fen + "}")
                .json();
    }

    /** The deadline of the request has passed, here too. */
    private static void endDeadline(String id) {
        TestDatabase.execute(
                douyin.shop.node.dbUrl(),
                "update payer_refund_request set deadline = now(), next_at = now() where refund_id = '" + id + "'");
    }

    private static int refunded(String number) {
        return douyin.shop
                .node
                .queryPayment(douyin.shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder")
                .getInt("refund_fee", 0);
    }

    @Test
    void one_that_is_accepted_becomes_a_refund_of_the_order() {
        var number = douyin.paid();
        var id = requested(number, 300);
        var open = request(id);
        assertThat(open.getString("state")).isEqualTo("open");
        assertThat(open.getInt("amount")).isEqualTo(300);
        assertThat(open.getJsonNumber("left_ms").longValue()).isPositive();
        assertThat(douyin.get("needs-person?limit=500").toString()).contains(id, number);
        Eventually.within(
                DouyinShop.SOON,
                "the webhook",
                () -> server.about(number).stream().anyMatch(r -> r.type().equals("refund.requested")));

        var accepted = douyin.post(
                "refund-requests/" + id,
                Json.createObjectBuilder().add("decision", "accept").add("by", "Wang"));
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
        untilState(id, "accepted");
        assertThat(atDouyin(number, id).getString("audit_status")).isEqualTo("AGREE");

        Eventually.within(DouyinShop.SOON, "the refund has ended", () -> refunded(number) == 300);
        Eventually.within(
                DouyinShop.SOON,
                "the refund's webhook",
                () -> server.about(number).stream()
                        .anyMatch(r ->
                                r.type().equals("refund.succeeded") && r.body().contains("\"external\"")));
        assertThat(douyin.get("needs-person?limit=500").toString()).doesNotContain(number);
    }

    @Test
    void one_that_is_refused_is_no_refund_and_keeps_its_decision() {
        var number = douyin.paid();
        var id = requested(number, 300);
        var refuse = Json.createObjectBuilder()
                .add("decision", "refuse")
                .add("by", "Wang")
                .add("reason", "商品已使用")
                .build();
        var first = douyin.post("refund-requests/" + id, Json.createObjectBuilder(refuse));
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        untilState(id, "refused");
        assertThat(atDouyin(number, id).getString("audit_status")).isEqualTo("DENY");
        assertThat(atDouyin(number, id).getString("deny_message")).isEqualTo("商品已使用");
        Eventually.within(
                DouyinShop.SOON,
                "the webhook of its end",
                () -> server.about(number).stream()
                        .anyMatch(r -> r.type().equals("refund.request_closed")
                                && r.body().contains("\"refused\"")));
        assertThat(douyin.post("refund-requests/" + id, Json.createObjectBuilder(refuse))
                        .status())
                .isEqualTo(200);
        assertThat(douyin.post(
                                "refund-requests/" + id,
                                Json.createObjectBuilder()
                                        .add("decision", "accept")
                                        .add("by", "Wang"))
                        .json()
                        .getInt("code"))
                .isEqualTo(2033);
        assertThat(refunded(number)).isZero();
    }

    @Test
    void a_decision_that_is_not_possible_is_refused_by_name() {
        var number = douyin.paid();
        var id = requested(number, 990);
        var noReason = douyin.post(
                "refund-requests/" + id,
                Json.createObjectBuilder().add("decision", "refuse").add("by", "Wang"));
        assertThat(noReason.json().getInt("code")).isEqualTo(1102);
        var tooLong = douyin.post(
                "refund-requests/" + id,
                Json.createObjectBuilder()
                        .add("decision", "refuse")
                        .add("by", "Wang")
                        .add("reason", "长".repeat(1_500)));
        assertThat(tooLong.json().getInt("code")).isEqualTo(1102);
        var unknown = douyin.post(
                "refund-requests/0",
                Json.createObjectBuilder().add("decision", "accept").add("by", "Wang"));
        assertThat(unknown.json().getInt("code")).isEqualTo(2048);
        assertThat(request(id).getString("state")).isEqualTo("open");
    }

    @Test
    void an_open_one_holds_the_settlement_back() {
        var number = douyin.paid();
        requested(number, 300);
        assertThat(douyin.settle(number).json().getInt("code")).isEqualTo(2047);
    }

    @Test
    void at_its_deadline_the_platform_accepts_by_itself_and_its_refund_is_a_refund_of_the_order() {
        var number = douyin.paid();
        var id = requested(number, 300);
        douyin.shop.simulator.age(number, Duration.ofDays(3));
        endDeadline(id);

        untilState(id, "expired");
        Eventually.within(DouyinShop.SOON, "the refund has ended", () -> refunded(number) == 300);
        Eventually.within(
                DouyinShop.SOON,
                "no person is required any more",
                () -> !douyin.get("needs-person?limit=500").toString().contains(number));
        assertThat(accept(id).json().getInt("code")).isEqualTo(2049);
    }

    @Test
    void one_that_the_platform_denies_by_itself_is_over() {
        var number = douyin.paid();
        var id = requested(number, 300);
        douyin.shop.node.simulator("douyin/refund", "{\"refund_id\":\"" + id + "\",\"status\":\"FAIL\"}");

        untilState(id, "expired");
        assertThat(refunded(number)).isZero();
        assertThat(douyin.get("needs-person?limit=500").toString()).doesNotContain(number);
    }

    @Test
    void one_that_is_accepted_in_the_console_is_refunded_once() {
        var number = douyin.paid();
        var id = requested(number, 300);
        douyin.shop.node.simulator("douyin/refund", "{\"refund_id\":\"" + id + "\",\"status\":\"SUCCESS\"}");

        untilState(id, "expired");
        Eventually.within(DouyinShop.SOON, "the refund is stored", () -> refunded(number) == 300);
        assertThat(accept(id).json().getInt("code")).isEqualTo(2049);
        assertThat(refunded(number)).isEqualTo(300);
    }

    @Test
    void an_acceptance_without_an_answer_is_sent_again() {
        var number = douyin.paid();
        var id = requested(number, 300);
        douyin.shop.setFault(number, "ANSWER_BUSY");
        assertThat(accept(id).status()).isEqualTo(200);

        untilState(id, "accepted");
        assertThat(atDouyin(number, id).getString("audit_status")).isEqualTo("AGREE");
        Eventually.within(DouyinShop.SOON, "the refund has ended", () -> refunded(number) == 300);
    }

    @Test
    void a_refund_of_the_merchant_waits_for_the_decision() {
        var number = douyin.paid();
        var id = requested(number, 300);
        assertThat(refund(number, number + "-own", 300).getInt("code")).isEqualTo(2044);
        assertThat(accept(id).status()).isEqualTo(200);
        untilState(id, "accepted");

        assertThat(refund(number, number + "-own", 690).getInt("code")).isZero();
        Eventually.within(DouyinShop.SOON, "both have ended", () -> refunded(number) == 990);
    }

    @Test
    void an_acceptance_and_a_refund_of_the_merchant_at_the_same_moment_never_exceed_the_payment() {
        var number = douyin.paid();
        var id = requested(number, 600);
        var own = CompletableFuture.supplyAsync(() -> refund(number, number + "-own", 600));
        assertThat(accept(id).status()).isEqualTo(200);

        assertThat(own.join().getInt("code")).isIn(2044, 2015);
        untilState(id, "accepted");
        Eventually.within(DouyinShop.SOON, "the refund has ended", () -> refunded(number) == 600);
    }

    /** The simulated Douyin has no console for refunds of ecpay; its callback is signed here as the reference says. */
    @Test
    void a_refund_in_the_console_of_ecpay_needs_a_person() throws GeneralSecurityException {
        var ecpay = new DouyinShop("console-refund-it", "ecpay");
        var number = ecpay.paid();
        var msg = Json.createObjectBuilder()
                .add("appid", ecpay.node("appId"))
                .add("cp_refundno", "")
                .add("cp_extra", "")
                .add("status", "SUCCESS")
                .add("refund_amount", 300)
                .add("refunded_at", 1_796_000_000)
                .add("order_id", ecpay.orderId(number))
                .add("refund_no", "R" + number)
                .build()
                .toString();
        var joined = Stream.of(ecpay.node("token"), "1796000000", "5280", msg)
                .sorted()
                .collect(Collectors.joining());
        var sha1 = MessageDigest.getInstance("SHA-1").digest(joined.getBytes(StandardCharsets.UTF_8));
        var body = Json.createObjectBuilder()
                .add("timestamp", "1796000000")
                .add("nonce", "5280")
                .add("msg", msg)
                .add("type", "refund")
                .add("msg_signature", HexFormat.of().formatHex(sha1))
                .build();
        var account = TestDatabase.text(
                ecpay.shop.node.dbUrl(),
                "select a.account_id::text from attempt a join pay_order o on o.id = a.order_id"
                        + " where o.out_trade_no = ?",
                number);

        var answer = ecpay.shop.node.call("POST", "/notify/douyin/" + account, null, body.toString());

        assertThat(answer.json().getInt("err_no")).as(answer.body()).isZero();
        assertThat(ecpay.get("needs-person?limit=500").toString()).contains(number, "R" + number);
    }
}
