package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Live mode with a provider server in another process that is not our WAR, configured only through the management API.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LiveIT {
    static Node node;
    static OtherProviderProcess provider;

    @BeforeAll
    static void start() {
        node = Nodes.shared();
        provider = OtherProviderProcess.start();
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    @ParameterizedTest
    @CsvSource({"wxpay, false", "wxpay, true", "alipay, false", "alipay, true"})
    void a_payment_is_made_notified_and_queried(String name, boolean certificates) {
        var key = provider.liveMerchant(node, "live-" + name + "-" + certificates, certificates);
        var notified = Shop.number();
        var queried = Shop.number();

        assertThat(node.createPayment(key, name, notified, 1234).body()).contains("codeUrl");
        assertThat(provider.get("pay?number=" + notified)
                        .json()
                        .getJsonArray("answers")
                        .toString())
                .matches("\\[20[04]]");
        assertThat(node.queryPayment(key, notified, "").getBoolean("orderPaid")).isTrue();

        assertThat(node.createPayment(key, name, queried, 1234).body()).contains("codeUrl");
        assertThat(node.queryPayment(key, queried, "").getBoolean("orderPaid")).isFalse();
        provider.get("pay?fault=silent&number=" + queried);
        var found = node.queryPayment(key, queried, ",\"await_notify\":true,\"pay_order_info\":true");
        Eventually.within(
                Duration.ofSeconds(8),
                "found",
                () -> node.queryPayment(key, queried, "").getBoolean("orderPaid"));
        assertThat(found.getString("out_trade_no")).isEqualTo(queried);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void the_same_notification_ten_times_at_once_is_one_change_and_one_webhook(String name) {
        try (var shop = new MerchantServer()) {
            var pid = "ten-" + name;
            var key = provider.liveMerchant(node, pid, false);
            var secret = node.manage(
                            "PUT",
                            "merchants/" + pid + "/webhooks/shop",
                            Json.createObjectBuilder().add("url", shop.url()).add("mode", "live"))
                    .json()
                    .getString("secret");
            var number = Shop.number();
            node.createPayment(key, name, number, 1234);

            var answers = provider.get("pay?times=10&number=" + number).json().getJsonArray("answers");

            assertThat(answers).hasSize(10);
            assertThat(answers.toString())
                    .as("every repetition is acknowledged")
                    .matches("\\[(20[04],?)+]");
            Eventually.within(
                    Duration.ofSeconds(10),
                    "received",
                    () -> !shop.about(number).isEmpty());
            assertThat(node.queryPayment(key, number, ",\"await_notify\":true").getBoolean("user_order_success"))
                    .isTrue();
            assertThat(shop.about(number)).hasSize(1).allMatch(h -> h.verifies(secret));
            assertThat(count("""
                    select count(*)
                    from order_event e
                    join pay_order o on o.id = e.order_id
                    where e.kind = 'money.order' and o.out_trade_no = ?
                    """, number)).isEqualTo(1);
            assertThat(count("""
                    select count(*)
                    from notification n
                    join pay_order o on o.id = n.order_id
                    where n.verdict = 'AUTHENTIC' and o.out_trade_no = ?
                    """, number)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void a_forged_notification_changes_nothing_and_gets_a_4xx(String name) {
        var key = provider.liveMerchant(node, "forged-" + name, false);
        var number = Shop.number();
        node.createPayment(key, name, number, 1234);

        var answers = provider.get("pay?fault=forged&number=" + number).json().getJsonArray("answers");

        assertThat(answers.toString()).isEqualTo("[401]");
        assertThat(count(
                        "select count(*) from pay_order where state = 'UNPAID' and needs_person is null and out_trade_no = ?",
                        number))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void a_wrong_amount_is_acknowledged_flagged_and_not_paid(String name) {
        var key = provider.liveMerchant(node, "amount-" + name, false);
        var number = Shop.number();
        node.createPayment(key, name, number, 1234);

        var answers = provider.get("pay?fault=amount&number=" + number).json().getJsonArray("answers");

        assertThat(answers.toString()).matches("\\[20[04]]");
        assertThat(count(
                        "select count(*) from pay_order where state = 'UNPAID' and needs_person is not null and out_trade_no = ?",
                        number))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void a_payment_to_another_merchant_is_acknowledged_evidence_that_an_operator_sees_and_never_money(String name) {
        var pid = "other-" + name;
        var key = provider.liveMerchant(node, pid, false);
        var number = Shop.number();
        node.createPayment(key, name, number, 1234);

        for (int i = 0; i < 2; i++) {
            var answers =
                    provider.get("pay?fault=stranger&number=" + number).json().getJsonArray("answers");
            assertThat(answers.toString()).matches("\\[(20[04],?)+]");
        }
        node.queryPayment(key, number, "");

        assertThat(reasons(pid, number)).hasSize(1);
        assertThat(reasons(pid, number).toString()).contains("is for another merchant or application");
        assertThat(receipts(number)).isNull();
        assertThat(attempts(number)).isEqualTo("SHOWN");
        assertThat(count(
                        "select count(*) from pay_order where state = 'UNPAID' and needs_person is not null and out_trade_no = ?",
                        number))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void another_merchant_with_the_same_account_cannot_report_my_order(String name) {
        var mine = provider.liveMerchant(node, "owner-" + name, false);
        var theirs = provider.liveMerchant(node, "stranger-" + name, false);
        var number = Shop.number();
        var decoy = Shop.number();
        node.createPayment(mine, name, number, 1234);
        node.createPayment(theirs, name, decoy, 1);
        var strangersDoor = provider.get("notify?number=" + decoy).body();

        var answers = provider.get("pay?number=" + number + "&to=" + strangersDoor)
                .json()
                .getJsonArray("answers");

        assertThat(answers.toString()).doesNotMatch("\\[20[04]]");
        assertThat(count("select count(*) from pay_order where state = 'UNPAID' and out_trade_no = ?", number))
                .as("only reports about its own account and our own queries count")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void an_attempt_stays_with_the_account_it_was_made_through(String name) {
        var pid = "moves-" + name;
        var key = provider.liveMerchant(node, pid, false);
        var before = Shop.number();
        node.createPayment(key, name, before, 1234);
        provider.liveMerchant(node, pid, true); // another merchant number and application
        var after = Shop.number();
        node.createPayment(key, name, after, 1234);

        for (var number : List.of(before, after)) {
            assertThat(provider.get("pay?number=" + number)
                            .json()
                            .getJsonArray("answers")
                            .toString())
                    .matches("\\[20[04]]");
            assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid"))
                    .isTrue();
        }
        assertThat(count("""
                select count(distinct merchant_no)
                from attempt a
                join pay_order o on o.id = a.order_id
                where o.merchant_id = (select id from merchant where pid = ?)
                """, pid)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void money_that_went_back_without_a_notification_is_returned_or_held_if_a_part_may_be_left(String name) {
        var key = provider.liveMerchant(node, "returned-" + name, false);
        var number = Shop.number();
        node.createPayment(key, name, number, 1234);
        provider.get("pay?fault=returned&number=" + number);

        untilDoubtful(key, number);

        // WeChat Pay says "REFUND" of a part too, Alipay "TRADE_CLOSED" of the whole only
        assertThat(receipts(number))
                .isEqualTo(name.equals("wxpay") ? "DOUBTFUL HELD 1234 0 0" : "DOUBTFUL RETURNED 1234 1234 1234");
        assertThat(attempts(number)).isEqualTo("PAID");
        assertThat(reasons("returned-" + name, number).toString()).contains("was returned at the provider");
        assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, older, 1234, is older", "alipay, older, 1234, is older",
        "wxpay, 'silent,older', 1234, is older", "alipay, 'silent,older', 1234, is older",
        "wxpay, 'older,amount', 1235, is not the", "alipay, 'older,amount', 1235, is not the",
        "wxpay, 'older,returned', 1234, was returned", "alipay, 'older,returned', 1234, was returned"
    })
    void a_payment_that_is_older_than_its_attempt_is_a_receipt_and_does_not_end_the_attempt(
            String name, String faults, long amount, String why) {
        var pid = "older-" + name;
        var key = provider.liveMerchant(node, pid, false);
        var number = Shop.number();
        node.createPayment(key, name, number, 1234);

        provider.get("pay?fault=" + faults + "&number=" + number);
        untilDoubtful(key, number);
        if (faults.equals("older")) { // the same payment again, in another notification and in answers to queries
            assertThat(provider.get("pay?fault=older&number=" + number)
                            .json()
                            .getJsonArray("answers")
                            .toString())
                    .matches("\\[(20[04],?)+]");
            node.queryPayment(key, number, "");
        }

        var returned = faults.contains("returned") && name.equals("alipay");
        assertThat(receipts(number))
                .isEqualTo(
                        "DOUBTFUL " + (returned ? "RETURNED " : "HELD ") + amount + (returned ? " 1234 1234" : " 0 0"));
        assertThat(attempts(number)).isEqualTo("SHOWN");
        assertThat(reasons(pid, number)).hasSize(1);
        assertThat(reasons(pid, number).toString()).contains(why);
        assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid")).isFalse();
        assertThat(count("""
                select count(*)
                from order_event e
                join pay_order o on o.id = e.order_id
                where e.kind = 'money.doubtful' and o.out_trade_no = ?
                """, number)).isEqualTo(1);
        if (faults.equals("older")) untilClosedAfterItsEnd(key, number);
    }

    /** An attempt of whose number the provider reports only the older payment ends when it cannot be paid any more. */
    private static void untilClosedAfterItsEnd(String key, String number) {
        TestDatabase.execute(node.dbUrl(), """
                update attempt
                set expires_at = now() - interval '1 minute'
                where order_id = (select id from pay_order where out_trade_no = '%s')
                """.formatted(number));

        Eventually.within(Duration.ofSeconds(10), "closed", () -> {
            node.queryPayment(key, number, "");
            return attempts(number).equals("CLOSED");
        });
    }

    private static void untilDoubtful(String key, String number) {
        Eventually.within(Duration.ofSeconds(10), "a doubtful receipt", () -> {
            node.queryPayment(key, number, "");
            return count("""
                    select count(*)
                    from receipt r
                    join pay_order o on o.id = r.order_id
                    where r.kind = 'DOUBTFUL' and o.state = 'UNPAID' and o.needs_person is not null
                        and o.out_trade_no = ?
                    """, number) == 1;
        });
    }

    private static String receipts(String number) {
        return TestDatabase.text(node.dbUrl(), """
                select string_agg(concat_ws(' ', r.kind, r.disposition, r.amount, r.reserved, r.refunded), ', ')
                from receipt r
                join pay_order o on o.id = r.order_id
                where o.out_trade_no = ?
                """, number);
    }

    private static String attempts(String number) {
        return TestDatabase.text(node.dbUrl(), """
                select string_agg(a.state, ' ')
                from attempt a
                join pay_order o on o.id = a.order_id
                where o.out_trade_no = ?
                """, number);
    }

    /** The open reasons, as the management API lists them. */
    private static List<String> reasons(String pid, String number) {
        return node
                .call("GET", "/api/manage/merchants/" + pid + "/needs-person?limit=500", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonArray("orders")
                .stream()
                .map(JsonValue::asJsonObject)
                .filter(order -> order.getString("out_trade_no").equals(number))
                .flatMap(order -> order.getJsonArray("reasons").stream())
                .map(reason -> reason.asJsonObject().getString("reason"))
                .toList();
    }

    @Test
    void a_payer_whose_choice_the_provider_refuses_reads_what_to_do() {
        var key = node.merchant("refused-live", "live");
        var notOurs = Json.createObjectBuilder(provider.account("wxpay-keys")).add("mchId", "1999999999");
        node.manage(
                "PUT",
                "merchants/refused-live/providers",
                Json.createObjectBuilder()
                        .add("wxpay", Json.createObjectBuilder().add("h5", notOurs)));
        var page = node.pay(
                        "createCheckout",
                        key,
                        "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                                + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\"}}")
                .json()
                .getString("checkout_url");
        assertThat(node.call("GET", page + "?choose&problem=provider-refused", null, null)
                        .body())
                .as("only the address")
                .contains("该支付渠道未能提供二维码");

        var chosen = Node.send(HttpRequest.newBuilder(URI.create(page + "/pay"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("provider=wxpay"))
                .build());

        assertThat(chosen.status()).isEqualTo(303);
        var after = page + "?choose&problem=provider-refused";
        assertThat(node.call("GET", after, null, null).body())
                .contains("暂时不能用微信支付付款，请换一种支付方式")
                .doesNotContain("SIGN_ERROR");
        assertThat(node.call("GET", after + "&lang=en", null, null).body())
                .contains("Pay another way, or contact the shop.")
                .doesNotContain("SIGN_ERROR");
    }

    @Test
    void plain_http_gateways_need_the_development_switch() {
        var strict =
                Nodes.start("strict", TestDatabase.fresh(), null, java.util.Map.of("CASHDESK_DEVELOPMENT", "false"));
        try {
            strict.merchant("strict", "live");
            var answer = strict.manage(
                    "PUT",
                    "merchants/strict/providers",
                    Json.createObjectBuilder()
                            .add("alipay", Json.createObjectBuilder().add("h5", provider.account("alipay-keys"))));
            var hook = strict.manage(
                    "PUT",
                    "merchants/strict/webhooks/in",
                    Json.createObjectBuilder().add("url", "http://127.0.0.1:1/").add("mode", "live"));

            assertThat(answer.json().getInt("code")).isEqualTo(1112);
            assertThat(answer.body()).contains("CASHDESK_DEVELOPMENT");
            assertThat(hook.json().getInt("code")).isEqualTo(1102);
            assertThat(strict.call("GET", "/simulator/", null, null).status()).isEqualTo(404);
            assertThat(whyNotTold(strict)).contains("leads to the private address 127.0.0.1");
        } finally {
            strict.stop();
        }
    }

    /**
     * Why a webhook to an internal address is refused: its host name is only known to be internal after the look-up.
     */
    private static String whyNotTold(Node strict) {
        strict.manage(
                "PUT",
                "merchants/strict/webhooks/in",
                Json.createObjectBuilder().add("url", "https://localhost:1/").add("mode", "live"));
        strict.manage("POST", "merchants/strict/webhooks/in/test", Json.createObjectBuilder());
        Eventually.within(
                Duration.ofSeconds(10),
                "tried",
                () -> TestDatabase.number(strict.dbUrl(), "select count(*) from webhook_try") == 1);
        return TestDatabase.text(strict.dbUrl(), "select error from webhook_try");
    }

    private static long count(String sql, String number) {
        return TestDatabase.number(node.dbUrl(), sql, number);
    }
}
