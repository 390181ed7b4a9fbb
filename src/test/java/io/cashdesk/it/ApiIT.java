package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The merchant API from outside, in test mode: the real WAR, the real database, the simulator on the other side. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiIT {
    static Node node;
    static String key;

    @BeforeAll
    static void merchant() {
        node = Nodes.shared();
        key = node.merchant("api-it", "test");
    }

    static String number() {
        return "T" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    static void dial(String number, String fault) {
        var answer = node.simulator("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + fault + "\"]}");
        assertThat(answer.status()).isEqualTo(200);
    }

    static void pay(String number) {
        assertThat(node.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}")
                        .json()
                        .getBoolean("paid"))
                .isTrue();
    }

    static long count(String sql, String number) {
        return TestDatabase.number(node.dbUrl(), sql, number);
    }

    @Nested
    class A_payment {
        @ParameterizedTest
        @CsvSource({"wxpay, wxpay_h5", "alipay, alipay_h5"})
        void is_created_shown_paid_and_found_paid(String provider, String payType) {
            var number = number();

            var created = node.createPayment(key, provider, number, 990).json();
            assertThat(created.getInt("code")).isZero();
            assertThat(created.getString("pay_type")).isEqualTo(payType);
            assertThat(created.getInt("total_fee")).isEqualTo(990);
            assertThat(created.getJsonObject("orderInfo").getString("codeUrl"))
                    .matches("weixin://wxpay/bizpayurl\\?pr=.+|https://qr\\.alipay\\.com/bax.+");
            var unpaid = node.queryPayment(key, number, "");
            assertThat(unpaid.getInt("code")).isEqualTo(-1);
            assertThat(unpaid.getBoolean("orderPaid")).isFalse();

            pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "paid",
                    () -> node.queryPayment(key, number, "").getBoolean("orderPaid"));
            var paid = node.queryPayment(key, number, ",\"pay_order_info\":true");
            assertThat(paid.getInt("code")).isZero();
            assertThat(paid.getInt("status")).isEqualTo(1);
            assertThat(paid.getJsonObject("payOrder").getInt("notify_mode")).isEqualTo(1);
            assertThat(paid.getJsonObject("pay_order")).isEqualTo(paid.getJsonObject("payOrder"));
            assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                    .isEqualTo(2005);
        }

        @Test
        void asked_for_again_answers_the_same_code_without_calling_the_provider() {
            var number = number();

            var first = node.createPayment(key, "wxpay", number, 990).json();
            var second = node.createPayment(key, "wxpay", number, 990).json();

            assertThat(second.getJsonObject("orderInfo")).isEqualTo(first.getJsonObject("orderInfo"));
        }

        @Test
        void asked_for_by_ten_at_once_makes_one_attempt() {
            var number = number();
            var calls = new ArrayList<CompletableFuture<String>>();

            for (int i = 0; i < 10; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> node.createPayment(key, "wxpay", number, 990).body()));
            }

            assertThat(calls.stream().map(CompletableFuture::join).distinct())
                    .hasSize(1)
                    .allMatch(b -> b.contains("codeUrl"));
            assertThat(count(
                            "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                            number))
                    .isEqualTo(1);
        }

        @Test
        void can_be_switched_to_another_provider_and_back() {
            var number = number();

            node.createPayment(key, "wxpay", number, 990);
            var alipay = node.createPayment(key, "alipay", number, 990).json();
            var wechat = node.createPayment(key, "wxpay", number, 990).json();

            assertThat(alipay.getString("pay_type")).isEqualTo("alipay_h5");
            assertThat(wechat.getInt("code")).isZero();
            assertThat(count(
                            "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?"
                                    + " and a.state in ('CALLING','SHOWN','UNKNOWN','CLOSING')",
                            number))
                    .isEqualTo(1);
        }
    }

    @Nested
    class A_fault {
        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void lost_notification_is_made_up_for_by_the_active_callback(String provider) {
            var number = number();
            dial(number, "NOTIFY_LOST");
            node.createPayment(key, provider, number, 990);

            pay(number);

            var found = node.queryPayment(key, number, ",\"await_notify\":true,\"pay_order_info\":true");
            assertThat(found.getBoolean("orderPaid")).isTrue();
            assertThat(found.getJsonObject("payOrder").getInt("notify_mode")).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void forged_notification_changes_nothing_and_gets_a_4xx(String provider) {
            var number = number();
            dial(number, "NOTIFY_FORGED");
            node.createPayment(key, provider, number, 990);

            pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "refused",
                    () -> node.simulator("books?out_trade_no=" + number, null)
                            .json()
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":401"));
            assertThat(count("select count(*) from pay_order where out_trade_no = ? and state = 'UNPAID'", number))
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void wrong_amount_never_pays_and_waits_for_a_person(String provider) {
            var number = number();
            dial(number, "NOTIFY_WRONG_AMOUNT");
            node.createPayment(key, provider, number, 990);

            pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "flagged",
                    () -> count(
                                    "select count(*) from pay_order where out_trade_no = ? and state = 'UNPAID' and needs_person is not null",
                                    number)
                            == 1);
            assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid"))
                    .isFalse();
            assertThat(count(
                            "select count(*) from receipt r join pay_order o on o.id = r.order_id where o.out_trade_no = ?"
                                    + " and r.kind = 'AMOUNT_DIFFERS' and r.disposition = 'HELD'",
                            number))
                    .isEqualTo(1);
            assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                    .isEqualTo(2009);
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void time_out_after_accepting_leaves_the_outcome_unknown_and_the_payment_is_found(String provider) {
            var number = number();
            dial(number, "ANSWER_TIMES_OUT_AFTER_ACCEPTING");

            var created = node.createPayment(key, provider, number, 990);
            assertThat(created.status()).isEqualTo(504);
            assertThat(created.json().getInt("code")).isEqualTo(3004);
            dial(number, "NOTIFY_LOST");
            pay(number);

            assertThat(node.queryPayment(key, number, ",\"await_notify\":true").getBoolean("orderPaid"))
                    .isTrue();
        }

        @Test
        void notification_twice_at_once_is_one_payment_and_one_webhook() {
            try (var shop = new MerchantServer()) {
                var secret = node.manage(
                                "PUT",
                                "merchants/api-it/webhooks/twice",
                                Json.createObjectBuilder()
                                        .add("url", shop.url())
                                        .add("mode", "test")
                                        .add("types", Json.createArrayBuilder().add("goods")))
                        .json()
                        .getString("secret");
                var number = number();
                dial(number, "NOTIFY_TWICE_AT_ONCE");
                node.createPayment(key, "wxpay", number, 990);

                pay(number);

                Eventually.within(
                        Duration.ofSeconds(10),
                        "heard",
                        () -> !shop.about(number).isEmpty());
                assertThat(node.queryPayment(key, number, ",\"await_notify\":true")
                                .getBoolean("user_order_success"))
                        .isTrue();
                assertThat(shop.about(number)).hasSize(1).allMatch(h -> h.verifies(secret));
                assertThat(count(
                                "select count(*) from webhook_event e join pay_order o on o.id = e.order_id"
                                        + " where o.out_trade_no = ?",
                                number))
                        .isEqualTo(1);
            }
        }
    }

    @Nested
    class A_checkout {
        @Test
        void is_made_once_and_answers_the_same_address_again() {
            var number = number();
            var body = "{\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\"}}";

            var first = node.pay("createCheckout", key, body).json();
            var second = node.pay("createCheckout", key, body).json();

            assertThat(first.getString("checkout_url")).startsWith(node.base() + "/checkout/");
            assertThat(second).isEqualTo(first);
        }

        @Test
        void refuses_a_return_url_that_the_merchant_has_not_listed() {
            var body = "{\"data\":{\"out_trade_no\":\"" + number()
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\","
                    + "\"return_url\":\"https://evil.example/\"}}";

            assertThat(node.pay("createCheckout", key, body).json().getInt("code"))
                    .isEqualTo(1111);
        }

        @Test
        void past_its_deadline_is_closed_after_the_provider_was_asked() {
            var number = number();
            var soon = Instant.now().plusSeconds(2).toEpochMilli();
            var body = "{\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\"," + "\"time_expire\":" + soon + "}}";

            node.pay("createCheckout", key, body);

            Eventually.within(
                    Duration.ofSeconds(15),
                    "closed",
                    () -> node.queryPayment(key, number, "").getInt("status") == -1);
            assertThat(node.createPayment(key, "wxpay", number, 1).json().getInt("code"))
                    .isEqualTo(2006);
        }
    }

    @Nested
    class A_refusal {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "{}; 1102",
                    "{\"provider\":\"wxpay\",\"data\":{}}; 1001",
                    "{\"provider\":\"\",\"data\":{}}; 1005",
                    "{\"provider\":\"paypal\",\"data\":{}}; 1106",
                    "{\"provider\":\"wxpay\",\"needQRcode\":\"yes\",\"data\":{}}; 1102",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":\"990\"}}; 1003",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990}}; 1004",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\"}}; 1002",
                    "{\"provider\":\"wxpay\",\"data\":{\"total_fe\":1}}; 1101",
                    "{\"provider\":\"wxpay\",\"data\":{\"auth_code\":\"130000000000000000\"}}; 1114",
                    "{\"provider\":\"wxpay\",\"context\":{\"PLATFORM\":\"mp-toutiao\"},\"data\":{}}; 1108",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"g\",\"time_expire\":1700000000000}}; 1109",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"g\",\"pid\":\"somebody-else\"}}; 4005",
                    "not json; 1103",
                })
        void of_createPayment_names_the_code(String body, int code) {
            var answer = node.pay("createPayment", key, body);

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(code);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.json().getString("detail")).isNotBlank();
            assertThat(answer.json().getInt("status")).isEqualTo(answer.status());
        }

        @Test
        void of_the_same_number_with_another_price_is_a_409() {
            var number = number();
            node.createPayment(key, "wxpay", number, 990);

            var answer = node.createPayment(key, "wxpay", number, 991);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.json().getInt("code")).isEqualTo(2007);
            assertThat(answer.body()).contains("990").contains("991");
        }

        @Test
        void by_the_provider_says_what_it_means_whose_it_is_and_what_to_tell_the_payer() {
            var number = number();
            var body = "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\",\"other\":{\"no_such_field\":1}}}";

            var answer = node.pay("createPayment", key, body);

            assertThat(answer.status()).isEqualTo(502);
            var problem = answer.json();
            assertThat(problem.getInt("code")).isEqualTo(3002);
            assertThat(problem.getString("provider_code")).isEqualTo("PARAM_ERROR");
            assertThat(problem.getString("fault")).isEqualTo("merchant");
            assertThat(problem.getString("retry")).isEqualTo("no");
            assertThat(problem.getString("msg"))
                    .contains("PARAM_ERROR")
                    .contains("no_such_field")
                    .contains("请改正后再发");
            assertThat(problem.getString("detail")).contains("Correct it, then send the request again");
            assertThat(problem.getString("payer_msg")).contains("请换一种支付方式").doesNotContain("PARAM");
        }

        @Test
        void that_leaves_the_outcome_open_says_what_the_provider_said_and_to_ask_first() {
            var number = number();
            dial(number, "ANSWER_SYSTEM_ERROR");

            var answer = node.createPayment(key, "wxpay", number, 990);

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.json().getInt("code")).isEqualTo(3004);
            assertThat(answer.json().getString("provider_code")).isEqualTo("SYSTEM_ERROR");
            assertThat(answer.json().getString("fault")).isEqualTo("provider");
            assertThat(answer.json().getString("retry")).isEqualTo("ask_first");
        }

        @Test
        void of_a_login_code_says_where_to_get_another() {
            var answer = node.pay(
                    "getOpenid", key, "{\"provider\":\"wxpay\",\"platform\":\"mp-weixin\",\"code\":\"nobodys\"}");

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(3002);
            assertThat(answer.json().getString("provider_code")).isEqualTo("40029");
            assertThat(answer.json().getString("detail")).contains("Let the client get a new one");
            assertThat(answer.json().getString("payer_msg")).contains("重新打开");
        }

        @Test
        void by_the_provider_is_told_to_the_payer_on_the_page_in_his_language() {
            var number = number();
            var data = "\"out_trade_no\":\"" + number + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"";
            var page = node.pay("createCheckout", key, "{\"data\":{" + data + "}}")
                    .json()
                    .getString("checkout_url");
            node.pay(
                    "createPayment",
                    key,
                    "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{" + data
                            + ",\"other\":{\"no_such_field\":1}}}");

            var refused = page + "?choose&problem=provider-refused";
            assertThat(node.call("GET", refused, null, null).body()).contains("暂时不能用微信支付付款");
            assertThat(node.call("GET", refused + "&lang=en", null, null).body())
                    .contains("WeChat Pay cannot be used here right now")
                    .doesNotContain("PARAM_ERROR");
        }

        @Test
        void of_a_missing_or_wrong_key_is_a_401() {
            assertThat(node.pay("queryPayment", null, "{}").json().getInt("code"))
                    .isEqualTo(4001);
            assertThat(node.pay("queryPayment", "sk_test_wrong", "{}").status()).isEqualTo(401);
        }

        @Test
        void of_somebody_elses_order_is_a_404() {
            var number = number();
            node.createPayment(key, "wxpay", number, 990);
            var other = node.merchant("api-it-other", "test");

            assertThat(node.pay("queryPayment", other, "{\"out_trade_no\":\"" + number + "\"}")
                            .json()
                            .getInt("code"))
                    .isEqualTo(2001);
        }

        @Test
        void of_a_test_order_by_a_live_key_is_a_404_too() {
            var number = number();
            node.createPayment(key, "wxpay", number, 990);
            var live = node.merchant("api-it", "live");

            assertThat(node.pay("queryPayment", live, "{\"out_trade_no\":\"" + number + "\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(node.createPayment(live, "wxpay", number(), 1).json().getInt("code"))
                    .isEqualTo(1107);
        }

        @Test
        void of_a_body_over_64_KiB_is_a_413_and_of_another_type_a_415() {
            var large = "{\"x\":\"" + "x".repeat(70_000) + "\"}";
            assertThat(node.pay("queryPayment", key, large).status()).isEqualTo(413);

            var form = HttpRequest.newBuilder(node.base().resolve("/api/pay/queryPayment"))
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(Node.send(form).status()).isEqualTo(415);
        }

        @Test
        void speaks_the_language_that_is_asked_for() {
            var english = HttpRequest.newBuilder(node.base().resolve("/api/pay/queryPayment"))
                    .header("Accept-Language", "en")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();

            assertThat(Node.send(english).json().getString("msg")).startsWith("Send the key as");
            assertThat(node.pay("queryPayment", null, "{}").json().getString("msg"))
                    .contains("密钥");
        }
    }

    @Nested
    class The_management_api {
        @Test
        void asks_for_its_token() {
            assertThat(node.call("PUT", "/api/manage/merchants/x", "wrong", "{\"name\":\"X\"}")
                            .json()
                            .getInt("code"))
                    .isEqualTo(4004);
        }

        @Test
        void refuses_an_account_by_the_key_that_is_wrong_and_never_echoes_a_secret() {
            var body = Json.createObjectBuilder()
                    .add(
                            "wxpay",
                            Json.createObjectBuilder()
                                    .add(
                                            "h5",
                                            Json.createObjectBuilder()
                                                    .add("appId", "wx1")
                                                    .add("mchId", "1600000000")
                                                    .add("v3Key", "a-secret-that-is-too-short")));

            var answer = node.manage("PUT", "merchants/api-it/providers", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().getInt("code")).isEqualTo(1112);
            assertThat(answer.body()).contains("v3Key").doesNotContain("a-secret-that-is-too-short");
        }

        @Test
        void takes_a_row_with_unused_nodes_left_blank() {
            var body = Json.createObjectBuilder()
                    .add("_id", "api-it")
                    .add("alipayAppPayToH5Pay", false)
                    .add(
                            "wxpay",
                            Json.createObjectBuilder()
                                    .add(
                                            "mp-weixin",
                                            Json.createObjectBuilder()
                                                    .add("appId", "")
                                                    .add("mchId", "")))
                    .add("vkspay", Json.createObjectBuilder().add("mchId", "").add("key", ""));

            assertThat(node.manage("PUT", "merchants/api-it/providers", body)
                            .json()
                            .getJsonArray("nodes"))
                    .isEmpty();
        }
    }
}
