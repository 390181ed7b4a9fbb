package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
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

    private static int refunded(String number) {
        return douyin.shop
                .node
                .queryPayment(douyin.shop.key, number, "")
                .getJsonObject("pay_order")
                .getInt("refund_fee");
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
        assertThat(request(id).getString("state")).isIn("accepted", "accepting");

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
        assertThat(first.json().getJsonObject("refund_request").getString("state"))
                .as(first.body())
                .isIn("refused", "refusing");
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
}
