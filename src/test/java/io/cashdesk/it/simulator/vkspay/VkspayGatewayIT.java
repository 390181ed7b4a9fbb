package io.cashdesk.it.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.VkspayMerchant;
import jakarta.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** VksPay's own interface of the simulator. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayGatewayIT extends SimulatedVkspay {
    private static JsonObject webpay(String... more) {
        var members = new ArrayList<>(List.of("total_fee", "9.90", "notify_url", receiver.url() + "?a=1"));
        members.addAll(List.of(more));
        return merchant.vkspay("webpay", members.toArray(String[]::new)).json();
    }

    private static String numberOf(JsonObject made) {
        assertThat(made.getString("return_code")).as(made.toString()).isEqualTo("SUCCESS");
        return made.getJsonObject("data").getString("out_trade_no");
    }

    private static String query(String number) {
        return merchant.vkspay("orderquery", "out_trade_no", number).json().getString("return_code");
    }

    private static List<MerchantServer.Received> notified(String number) {
        return receiver.received().stream()
                .filter(r -> r.body().equals("out_trade_no=" + number))
                .toList();
    }

    @Test
    void an_order_gets_the_gateways_number_and_is_notified_twice_by_it_without_a_signature() {
        receiver.answers(200, "{\"code\":\"SUCCESS\",\"msg\":\"SUCCESS\"}");
        var made = webpay();
        var number = numberOf(made);

        assertThat(number).matches("\\d{20}");
        assertThat(made.getJsonObject("data").getString("qrcode")).endsWith("/" + number);
        assertThat(query(number)).isEqualTo("FAIL");
        simulator.pay(number);

        assertThat(query(number)).isEqualTo("SUCCESS");
        Eventually.within(
                Duration.ofSeconds(10), "twice", () -> notified(number).size() == 2);
        assertThat(notified(number)).allMatch(r -> r.target().equals("POST /hook?a=1"));
        assertThat(simulator.records(number).getInt("amount")).isEqualTo(990);
        assertThat(simulator.records(number).getString("transaction_id")).isEqualTo(number);
        receiver.answers(200, "success");
    }

    @Test
    void every_call_makes_another_order_and_faults_of_the_next_are_set_for_the_merchant() {
        simulator.setFault(merchant.mchId, "ANSWER_TIMES_OUT_AFTER_ACCEPTING");

        assertThatThrownBy(() -> webpay())
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(HttpTimeoutException.class);
        simulator.clearFaults(merchant.mchId);
        var second = numberOf(webpay());
        var third = numberOf(webpay());

        assertThat(second).isNotEqualTo(third);
        simulator.pay(second);
        assertThat(query(second)).isEqualTo("SUCCESS");
        assertThat(query(third)).isEqualTo("FAIL");
    }

    @Test
    void a_wrong_call_is_refused() {
        assertThat(merchant.vkspay("webpay", "total_fee", "1", "notify_url", receiver.url(), "sign", "0")
                        .body())
                .contains("FAIL", "签名");
        assertThat(webpay("total_fee", "0").toString()).contains("FAIL", "total_fee");
        assertThat(webpay("total_fee", "1.001").toString()).contains("FAIL", "total_fee");
        assertThat(webpay("pay_chnl", "qqpay").toString()).contains("FAIL", "pay_chnl");
        assertThat(webpay("merchantno", "1").toString()).contains("FAIL", "商户不存在");
        assertThat(merchant.vkspay("orderclose", "out_trade_no", "1").body()).contains("FAIL", "orderclose");
        assertThat(merchant.vkspay("orderquery", "out_trade_no", "1").body()).contains("FAIL", "订单不存在");
    }

    @Test
    void an_unknown_member_is_signed_and_ignored() {
        assertThat(numberOf(webpay("something", "new"))).isNotEmpty();
    }

    @Test
    void it_is_no_page_for_payers() {
        var atPublicAddress = Node.send(HttpRequest.newBuilder(node.base().resolve("/simulator/vkspay/api"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

        assertThat(atPublicAddress.status()).isEqualTo(404);
    }

    @Test
    void refunds_have_numbers_of_the_gateway_and_are_not_idempotent() {
        var number = numberOf(webpay());
        assertThat(merchant.vkspay("orderrefund", "out_trade_no", number, "refund_fee", "1")
                        .body())
                .contains("FAIL", "未支付");
        simulator.pay(number);

        var first = merchant.vkspay("orderrefund", "out_trade_no", number, "refund_fee", "4.90")
                .json();
        var second = merchant.vkspay("orderrefund", "out_trade_no", number, "refund_fee", "4.90")
                .json();
        var third = merchant.vkspay("orderrefund", "out_trade_no", number, "refund_fee", "0.11")
                .json();

        assertThat(first.getString("out_refund_no")).matches("R" + merchant.mchId + "-\\d{20}");
        assertThat(second.getString("out_refund_no")).isNotEqualTo(first.getString("out_refund_no"));
        assertThat(third.getString("return_code")).isEqualTo("FAIL");
        assertThat(refundQuery(number, first.getString("out_refund_no"))).isEqualTo("SUCCESS");
        assertThat(refundQuery(number, "R1")).isEqualTo("FAIL");
        assertThat(query(number)).isEqualTo("SUCCESS");
        assertThat(simulator.records(number).getJsonArray("refunds")).hasSize(2);
    }

    private static String refundQuery(String number, String refundNo) {
        return merchant.vkspay("orderrefundquery", "out_trade_no", number, "out_refund_no", refundNo)
                .json()
                .getString("return_code");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"REPLY_NESTED", "REFUND_NOT_ENABLED", "REFUND_NOT_ENOUGH", "REFUND_CLOSED", "ANSWER_SYSTEM_ERROR"
            })
    void a_fault_changes_a_refund(String fault) {
        var number = numberOf(webpay());
        simulator.pay(number);
        simulator.setFault(number, fault);

        var answer = merchant.vkspay("orderrefund", "out_trade_no", number, "refund_fee", "1");

        var refunds = simulator.records(number).getJsonArray("refunds");
        switch (fault) {
            case "REPLY_NESTED" ->
                assertThat(answer.json().getJsonObject("data").getString("out_refund_no"))
                        .startsWith("R");
            case "REFUND_CLOSED" ->
                assertThat(refundQuery(number, answer.json().getString("out_refund_no")))
                        .isEqualTo("FAIL");
            case "ANSWER_SYSTEM_ERROR" -> {
                assertThat(answer.status()).isEqualTo(500);
                assertThat(refunds).hasSize(1);
            }
            default -> {
                assertThat(answer.json().getString("return_code")).isEqualTo("FAIL");
                assertThat(refunds).isEmpty();
            }
        }
    }

    @Test
    void a_payment_code_is_paid_at_once_and_not_notified() {
        var made = merchant.vkspay(
                        "micropay",
                        "total_fee",
                        "1",
                        "auth_code",
                        "134567890123451000",
                        "pay_chnl",
                        "wxpay",
                        "client_ip",
                        "203.0.113.7",
                        "pay_cate",
                        "pay")
                .json();

        assertThat(query(numberOf(made))).isEqualTo("SUCCESS");
        assertThat(simulator.records(numberOf(made)).getJsonArray("notifications"))
                .isEmpty();
        assertThat(merchant.vkspay(
                                "micropay",
                                "total_fee",
                                "1",
                                "auth_code",
                                "134567890123450006",
                                "pay_chnl",
                                "wxpay",
                                "client_ip",
                                "203.0.113.7")
                        .body())
                .contains("FAIL", "余额不足");
    }

    @Test
    void a_code_opens_the_wallet_page_where_the_payer_picks_a_wallet() {
        var made = webpay();
        var address = URI.create(made.getJsonObject("data").getString("qrcode"));
        var page = node.call("GET", "/simulator/wallet?code=" + encoded(address.toString()), null, null);
        var chosen = webpay("pay_chnl", "alipay").getJsonObject("data").getString("qrcode");
        var fixed = node.call("GET", "/simulator/wallet?code=" + encoded(chosen), null, null);

        assertThat(page.body()).contains("id=\"pay-wxpay\"", "id=\"pay-alipay\"");
        assertThat(fixed.body()).contains("id=\"pay\"").doesNotContain("pay-wxpay");
        var inWechat = HttpRequest.newBuilder(node.base().resolve(address.getPath()))
                .header("User-Agent", "Mozilla/5.0 MicroMessenger/8.0")
                .build();
        assertThat(Node.send(inWechat).status()).isEqualTo(303);
        assertThat(node.call("GET", "/simulator/wallet?code=" + encoded(address.toString()), null, null)
                        .body())
                .contains("id=\"pay\"")
                .doesNotContain("pay-wxpay");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void a_merchant_has_a_node_for_every_dialect() {
        for (var dialect : List.of("vkspay", "epay-v1", "epay-v2")) {
            var account = VkspayMerchant.newNode(node, dialect);

            assertThat(account.getString("dialect")).isEqualTo(dialect);
            assertThat(account.getString("mchId")).matches("1\\d{8}");
            assertThat(account.containsKey("key")).isEqualTo(!dialect.equals("epay-v2"));
            assertThat(account.containsKey("privateKey") && account.containsKey("publicKey"))
                    .isEqualTo(dialect.equals("epay-v2"));
            assertThat(account.getString("gateway"))
                    .endsWith(dialect.equals("vkspay") ? "/simulator/vkspay" : "/simulator/vkspay/epay");
        }
        assertThat(node.simulator("accounts/vkspay", "{\"dialect\":\"epay-v3\"}")
                        .status())
                .isEqualTo(400);
    }
}
