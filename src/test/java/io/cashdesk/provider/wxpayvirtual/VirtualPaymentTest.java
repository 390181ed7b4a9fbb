package io.cashdesk.provider.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Coins;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderReport.WentBack;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SessionKey;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Virtual payment against a server that answers as WeChat's documents say. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualPaymentTest {
    private static final String NUMBER = "T202601010001";
    private static final PayType PAY_TYPE = PayType.of("wxpay-virtual_mp-weixin");

    private final VirtualProvider provider = FakeXpay.provider();
    private final ProviderServer server = new ProviderServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private AccountSettings account() {
        return account(FakeXpay.node());
    }

    private AccountSettings account(JsonObjectBuilder node) {
        return FakeXpay.account(node.build(), server.address());
    }

    /** Only what is signed correctly reaches WeChat's orders. */
    private void answers(Function<Request, Answer> answers) {
        server.answers(r -> FakeXpay.signed(r) ? answers.apply(r) : FakeXpay.error(268490003, "sig error"));
    }

    private static AttemptRef attempt() {
        return new AttemptRef(PAY_TYPE, NUMBER, SubMerchant.NONE, "", FakeXpay.OPENID);
    }

    /** @param environment in which it was made */
    private static AttemptRef attempt(String environment) {
        return new AttemptRef(PAY_TYPE, NUMBER, SubMerchant.NONE, "", FakeXpay.OPENID, environment);
    }

    private static io.cashdesk.provider.Prices.Asked asked(JsonValue goods) {
        return new io.cashdesk.provider.Prices.Asked(goods, Optional.empty(), JsonObject.EMPTY_JSON_OBJECT);
    }

    private static JsonObject coins(long quantity) {
        return Json.createObjectBuilder()
                .add("mode", "short_series_coin")
                .add("buy_quantity", quantity)
                .build();
    }

    private static JsonObject goods(long quantity, long price) {
        return Json.createObjectBuilder()
                .add("mode", "short_series_goods")
                .add("buy_quantity", quantity)
                .add("product_id", "testproductId")
                .add("goods_price", price)
                .build();
    }

    private static PaymentRequest request(JsonObject goods, JsonObject other, Optional<SessionKey> session) {
        return new PaymentRequest(
                attempt(),
                Money.fen(10),
                "道具",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", FakeXpay.OPENID, Payer.Screen.APP),
                Optional.empty(),
                other,
                goods,
                session);
    }

    private static ProviderFailure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        var thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    @Nested
    class Signatures {
        private static final SessionKey SESSION = new SessionKey("9hAb/NEYUlkaMBEsmFgzig==");

        @Test
        void of_a_call_are_those_of_wechats_script() {
            var body = "{\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\": 0}";

            assertThat(VirtualSignature.paySig("12345", "/xpay/query_user_balance", body))
                    .isEqualTo("c37809f27c6d7fd1837ad2500a04512b66b34fd793a39a385fade56dca89a4b5");
            assertThat(VirtualSignature.signature(SESSION, body))
                    .isEqualTo("089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7");
        }

        @Test
        void of_mini_games_are_made_the_same_way() {
            var body =
                    "{\"offer_id\": \"12345678\", \"openid\": \"oUrsfxxxxxxxxxx\", \"ts\": 1668136271, \"zone_id\": \"1\", \"env\": 0}";

            assertThat(VirtualSignature.paySig("12345", "/wxa/game/getbalance", body))
                    .isEqualTo("11bac6388871d29c055c7d16fbe42e8d646855b666faf89b15c815218b1b23bd");
            assertThat(VirtualSignature.signature(SESSION, body))
                    .isEqualTo("42fe1d3341fb1c8bd6f5014ba735ab04eacc80a2deb3ab4669eab4700b5b6729");
        }

        @Test
        void of_the_clients_call_are_over_the_text_itself() {
            var signData =
                    "{\"offerId\":\"123\",\"buyQuantity\":1,\"env\":0,\"currencyType\":\"CNY\",\"productId\":\"testproductId\",\"goodsPrice\":10,\"outTradeNo\":\"xxxxxx\",\"attach\":\"testdata\"}";

            assertThat(VirtualSignature.paySig("12345", "requestVirtualPayment", signData))
                    .isEqualTo("0ce2a9fcab3532e9f78dd3beb841806c0c08a24ec26b04c366584ac06d852bb0");
            assertThat(VirtualSignature.signature(SESSION, signData))
                    .isEqualTo("8e08bc05e10243e2e943385292e2063be327f8285c0db753a5c3e5db5745cb69");
        }
    }

    @Nested
    class Creating {
        @Test
        void signs_what_the_client_hands_to_wechat_without_a_call() {
            var prompt = provider.create(account(), request(goods(1, 10), JsonObject.EMPTY_JSON_OBJECT, session()))
                    .prompt();

            var info = prompt.orderInfo().asJsonObject();
            var signData = "{\"offerId\":\"1450012345\",\"buyQuantity\":1,\"env\":0,\"currencyType\":\"CNY\","
                    + "\"productId\":\"testproductId\",\"goodsPrice\":10,\"outTradeNo\":\"" + NUMBER
                    + "\",\"attach\":\""
                    + NUMBER + "\"}";
            assertThat(info.keySet()).containsExactly("mode", "signData", "paySig", "signature");
            assertThat(info.getString("signData")).isEqualTo(signData);
            assertThat(info.getString("paySig"))
                    .isEqualTo(FakeXpay.hmac(FakeXpay.APP_KEY, "requestVirtualPayment&" + signData));
            assertThat(info.getString("signature")).isEqualTo(FakeXpay.hmac(FakeXpay.SESSION, signData));
            assertThat(PaymentPrompt.of(prompt.stored())).isEqualTo(prompt);
            assertThat(prompt.stored().toString()).doesNotContain(FakeXpay.SESSION, FakeXpay.APP_KEY);
            assertThat(server.requests()).isEmpty();
        }

        @Test
        void uses_the_sandbox_and_its_key_where_the_node_says_so() {
            var account = account(FakeXpay.node().add("sandbox", true));

            var info = provider.create(account, request(coins(10), JsonObject.EMPTY_JSON_OBJECT, session()))
                    .prompt()
                    .orderInfo()
                    .asJsonObject();

            assertThat(info.getString("signData")).contains("\"env\":1").doesNotContain("productId", "goodsPrice");
            assertThat(info.getString("paySig"))
                    .isEqualTo(
                            FakeXpay.hmac("sandbox-app-key-1", "requestVirtualPayment&" + info.getString("signData")));
        }

        @Test
        void merges_other_parameters_but_none_that_the_order_decides() {
            var attach = Json.createObjectBuilder().add("attach", "a\"b").build();

            var info = provider.create(account(), request(coins(10), attach, session()))
                    .prompt()
                    .orderInfo()
                    .asJsonObject();

            assertThat(info.getString("signData")).endsWith(",\"attach\":\"a\\\"b\"}");
            for (var name : new String[] {"buyQuantity", "goods_price", "activitySellingPrice", "outTradeNo", "env"}) {
                var other = Json.createObjectBuilder().add(name, 1).build();
                assertThatThrownBy(() -> provider.checkInput(
                                account(),
                                new CallerInput(
                                        PAY_TYPE,
                                        new Payer("1.2.3.4", "o", Payer.Screen.APP),
                                        SubMerchant.NONE,
                                        Optional.empty(),
                                        Optional.empty(),
                                        other)))
                        .isInstanceOfSatisfying(
                                Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.OTHER_RESERVED));
            }
        }

        @ParameterizedTest
        @CsvSource({"5, false", "true, false", "'{}', false", "'\"a\"', true"})
        void takes_an_attach_that_is_a_text(String attach, boolean fits) {
            JsonObject other;
            try (var reader = Json.createReader(new java.io.StringReader("{\"attach\":" + attach + "}"))) {
                other = reader.readObject();
            }
            var thrown = catchThrowable(() -> VirtualPayment.check(other));

            if (fits) assertThat(thrown).isNull();
            else assertThat(thrown).isInstanceOf(Problem.class).hasMessageContaining("other.attach");
        }

        @Test
        void without_goods_is_declined() {
            var none = JsonObject.EMPTY_JSON_OBJECT;

            assertThat(failure(() -> provider.create(account(), request(none, none, session())))
                            .kind())
                    .isEqualTo(Kind.DECLINED);
        }

        @Test
        void without_a_session_is_declined_with_the_code_that_says_so() {
            var failure = failure(() ->
                    provider.create(account(), request(coins(10), JsonObject.EMPTY_JSON_OBJECT, Optional.empty())));

            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("268490009");
        }

        private Optional<SessionKey> session() {
            return Optional.of(new SessionKey(FakeXpay.SESSION));
        }
    }

    @Nested
    class Prices {
        @ParameterizedTest
        @CsvSource({"100, 10, 10", "100, 1, 1", "10, 1, 10", "1, 3, 300", "200, 2, 1", "300, 3, 1", "7, 7, 100"})
        void of_coins_follow_from_the_rate(long rate, long quantity, long fen) {
            assertThat(provider.price(account(FakeXpay.node().add("rate", rate)), asked(coins(quantity)))
                            .total())
                    .isEqualTo(Money.fen(fen));
        }

        @Test
        void of_goods_are_quantity_times_price() {
            var priced = provider.price(account(), asked(goods(3, 250)));

            assertThat(priced.total()).isEqualTo(Money.fen(750));
            assertThat(priced.goods()).isEqualTo(goods(3, 250));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{} | 1017",
                    "{\"mode\":\"short_series_coin\"} | 1018",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":0} | 1018",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":1.5} | 1018",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":\"1\"} | 1018",
                    "{\"mode\":\"coin\",\"buy_quantity\":1} | 1019",
                    "{\"buy_quantity\":1} | 1019",
                    "{\"mode\":\"short_series_goods\",\"buy_quantity\":1,\"goods_price\":1} | 1102",
                    "{\"mode\":\"short_series_goods\",\"buy_quantity\":1,\"product_id\":\"p\"} | 1102",
                    "{\"mode\":\"short_series_goods\",\"buy_quantity\":1,\"product_id\":\"p\",\"goods_price\":0} | 1102",
                    "{\"mode\":\"short_series_goods\",\"buy_quantity\":100000000000000000,\"product_id\":\"p\",\"goods_price\":1000} | 1102",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":999999999999999999} | 1102",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":1,\"price\":1} | 1101",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":1,\"product_id\":\"p\"} | 1101",
                    "{\"mode\":\"short_series_coin\",\"buy_quantity\":1,\"goods_price\":1} | 1101",
                })
        void what_is_wrong_is_refused_by_its_code(String asked, int code) {
            JsonObject object;
            try (var reader = Json.createReader(new java.io.StringReader(asked))) {
                object = reader.readObject();
            }

            assertThatThrownBy(() -> provider.price(account(), asked(object)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type().code()).isEqualTo(code));
        }

        @Test
        void a_missing_object_and_a_fraction_of_a_fen_are_refused() {
            assertThatThrownBy(() -> provider.price(account(), asked(null)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type().code()).isEqualTo(1017));
            assertThatThrownBy(() -> provider.price(account(FakeXpay.node().add("rate", 300)), asked(coins(100))))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageContaining("wxpay_virtual.buy_quantity");
        }
    }

    @Nested
    class Querying {
        @Test
        void asks_with_the_openid_of_the_order() {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder().add("order", FakeXpay.order(NUMBER, 2))));

            var paid = (ProviderReport.Paid) provider.query(account(), attempt());

            var request = server.requests().get(0);
            assertThat(request.path()).isEqualTo("/xpay/query_order");
            assertThat(request.body()).isEqualTo("{\"openid\":\"oUser1\",\"order_id\":\"" + NUMBER + "\",\"env\":0}");
            assertThat(FakeXpay.parameter(request, "access_token")).isEqualTo("t1");
            assertThat(paid.amount()).isEqualTo(Money.fen(990));
            assertThat(paid.transactionId()).isEqualTo("4200001");
            assertThat(paid.paidAt()).isEqualTo(Instant.ofEpochSecond(1767240009));
            assertThat(paid.payerId()).isEqualTo("oUser1");
            assertThat(paid.evidence()).doesNotContain("internal");
        }

        @ParameterizedTest
        @CsvSource({
            "0, Unpaid",
            "1, Unpaid",
            "2, Paid",
            "3, Paid",
            "4, Paid",
            "5, Paid",
            "7, Paid",
            "8, Paid",
            "9, Paid",
            "10, Paid"
        })
        void every_status_has_a_report(int status, String report) {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder().add("order", FakeXpay.order(NUMBER, status))));

            assertThat(provider.query(account(), attempt()).getClass().getSimpleName())
                    .isEqualTo(report);
        }

        @Test
        void a_closed_order_is_closed_and_an_unknown_status_is_named() {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add("order", FakeXpay.order(NUMBER, 6).add("paid_time", 0))));
            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Closed.class);

            answers(r -> FakeXpay.ok(Json.createObjectBuilder().add("order", FakeXpay.order(NUMBER, 11))));
            var failure = failure(() -> provider.query(account(), attempt()));
            assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
            assertThat(failure).hasMessageContaining("11");
        }

        @ParameterizedTest
        @CsvSource({
            "990, 990, 0, 990", // no coupon
            "990, 900, 90, 990", // the coupon paid the rest
            "990, 990, 90, 990", // the figure paid includes the coupon
            "990, 500, 0, 500" // less than the order: reported as it is
        })
        void the_amount_counts_a_coupon(long total, long paid, long coupon, long amount) {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add(
                            "order",
                            FakeXpay.order(NUMBER, 4)
                                    .add("order_fee", total)
                                    .add("paid_fee", paid)
                                    .add("coupon_fee", coupon))));

            assertThat(((ProviderReport.Paid) provider.query(account(), attempt())).amount())
                    .isEqualTo(Money.fen(amount));
        }

        @ParameterizedTest
        @CsvSource({"4, 0, 990, NOTHING", "4, 90, 900, AT_LEAST_A_PART", "5, 990, 0, ALL", "8, 0, 990, AT_LEAST_A_PART"
        })
        void refunds_of_it_are_reported(int status, long back, long left, WentBack reported) {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add(
                            "order",
                            FakeXpay.order(NUMBER, status)
                                    .add("refund_fee", back)
                                    .add("left_fee", left))));

            assertThat(((ProviderReport.Paid) provider.query(account(), attempt())).wentBack())
                    .isEqualTo(reported);
        }

        @Test
        void an_order_of_another_number_or_environment_or_a_refund_is_not_accepted() {
            for (var order : new JsonObjectBuilder[] {
                FakeXpay.order("T9", 2),
                FakeXpay.order(NUMBER, 2).add("env_type", 2),
                FakeXpay.order(NUMBER, 5).add("order_type", 1)
            }) {
                var built = order.build();
                answers(r -> FakeXpay.ok(Json.createObjectBuilder().add("order", built)));

                assertThat(failure(() -> provider.query(account(), attempt())).kind())
                        .isEqualTo(Kind.OUTCOME_UNKNOWN);
            }
        }

        @Test
        void a_refused_access_token_is_replaced_once() {
            answers(r -> FakeXpay.parameter(r, "access_token").equals("t1")
                    ? FakeXpay.error(42001, "access_token expired")
                    : FakeXpay.ok(Json.createObjectBuilder().add("order", FakeXpay.order(NUMBER, 1))));
            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Unpaid.class);
            assertThat(server.requests()).hasSize(2);

            answers(r -> FakeXpay.error(40001, "invalid credential"));
            assertThat(failure(() -> provider.query(account(), attempt())).providerCode())
                    .isEqualTo("40001");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void stay_in_the_environment_in_which_they_were_made() {
            server.answers(r -> FakeXpay.parameter(r, "pay_sig")
                            .equals(FakeXpay.hmac("sandbox-app-key-1", r.path() + "&" + r.body()))
                    ? FakeXpay.ok(Json.createObjectBuilder()
                            .add("order", FakeXpay.order(NUMBER, 2).add("env_type", 2)))
                    : FakeXpay.error(268490003, "sig error"));

            assertThat(provider.query(account(), attempt("1"))).isInstanceOf(ProviderReport.Paid.class);
            assertThat(FakeXpay.body(server.requests().get(0)).getInt("env")).isEqualTo(1);
            assertThat(provider.environment(account())).isEqualTo("0");
            assertThat(provider.environment(account(FakeXpay.node().add("sandbox", true))))
                    .isEqualTo("1");
            var without = account(FakeXpay.node().add("sandboxAppKey", ""));
            assertThat(failure(() -> provider.query(without, attempt("1"))).providerCode())
                    .isEqualTo("sandboxAppKey");
        }

        @ParameterizedTest
        @CsvSource({"invalid openid", "parameter error: order_id", "''"})
        void with_a_parameter_that_is_refused_say_nothing_about_the_order(String words) {
            answers(r -> FakeXpay.error(268490002, words));

            assertThat(failure(() -> provider.query(account(), attempt())).kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @ParameterizedTest
        @CsvSource({"data not exist", "data does not exist: order", "数据不存在", "order not found"})
        void of_an_unknown_number_are_absent(String words) {
            answers(r -> FakeXpay.error(268490002, words));

            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Absent.class);
        }

        @Test
        void a_busy_server_leaves_the_outcome_unknown() {
            answers(r -> FakeXpay.error(-1, "system error"));

            assertThat(failure(() -> provider.query(account(), attempt())).kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void goods_that_a_query_found_paid_are_confirmed_and_nothing_else() {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder().add("order", FakeXpay.order(NUMBER, 2))));
            var paid = (ProviderReport.Paid) provider.query(account(), attempt());
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()));

            provider.confirm(account(), attempt(), paid, coins(1));
            assertThat(server.requests()).isEmpty();
            provider.confirm(account(), attempt(), paid, goods(1, 10));
            assertThat(server.requests()).singleElement().satisfies(r -> {
                assertThat(r.path()).isEqualTo("/xpay/notify_provide_goods");
                assertThat(FakeXpay.body(r).getString("order_id")).isEqualTo(NUMBER);
            });
        }
    }

    @Nested
    class Refunds {
        private final RefundRequest refund = new RefundRequest(
                attempt(),
                "4200001",
                NUMBER + "-1",
                "",
                Money.fen(100),
                Money.fen(990),
                "不想要了",
                URI.create("https://pay.example/notify/x"));

        private Answer order(long left) {
            return FakeXpay.ok(Json.createObjectBuilder()
                    .add("order", FakeXpay.order(NUMBER, 4).add("left_fee", left)));
        }

        @Test
        void say_how_much_is_left() {
            answers(r -> r.path().endsWith("query_order")
                    ? order(890)
                    : FakeXpay.ok(Json.createObjectBuilder().add("refund_wx_order_id", "wxr1")));

            var report = provider.refund(account(), refund);

            assertThat(report).isInstanceOf(RefundReport.Processing.class);
            assertThat(((RefundReport.Processing) report).refundId()).isEqualTo("wxr1");
            assertThat(FakeXpay.body(server.requests().get(1)))
                    .hasToString(
                            "{\"openid\":\"oUser1\",\"order_id\":\"" + NUMBER + "\",\"refund_order_id\":\"" + NUMBER
                                    + "-1\",\"left_fee\":890,\"refund_fee\":100,\"biz_meta\":\"不想要了\",\"refund_reason\":\"5\","
                                    + "\"req_from\":\"3\",\"env\":0}");
        }

        @Test
        void are_sent_again_with_the_new_figure_if_what_is_left_has_changed() {
            var left = new ArrayDeque<Long>(java.util.List.of(990L, 890L));
            answers(r -> {
                if (r.path().endsWith("query_order")) return order(left.remove());
                return FakeXpay.body(r).getInt("left_fee") == 890
                        ? FakeXpay.ok(Json.createObjectBuilder())
                        : FakeXpay.error(268490016, "left_fee");
            });

            assertThat(provider.refund(account(), refund)).isInstanceOf(RefundReport.Processing.class);
            assertThat(server.requests()).hasSize(4);
        }

        @Test
        void that_had_succeeded_before_are_accepted_and_running_ones_are_queried() {
            answers(r -> r.path().endsWith("query_order") ? order(990) : FakeXpay.error(268490004, "repeated"));
            assertThat(provider.refund(account(), refund)).isInstanceOf(RefundReport.Processing.class);

            answers(r -> r.path().endsWith("query_order") ? order(990) : FakeXpay.error(268490014, "running"));
            assertThat(failure(() -> provider.refund(account(), refund)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void are_not_sent_if_the_query_before_is_not_answered() {
            answers(r -> FakeXpay.error(-1, "system error"));

            assertThat(failure(() -> provider.refund(account(), refund)).kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(server.requests()).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({"1, Processing", "5, Succeeded", "8, Succeeded", "7, Closed"})
        void are_queried_by_their_own_number(int status, String report) {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add(
                            "order",
                            FakeXpay.order(NUMBER + "-1", status)
                                    .add("order_type", 1)
                                    .add("refund_fee", 100))));

            var answer = provider.queryRefund(account(), refund);

            assertThat(answer.getClass().getSimpleName()).isEqualTo(report);
            assertThat(FakeXpay.body(server.requests().get(0)).getString("order_id"))
                    .isEqualTo(NUMBER + "-1");
            if (answer instanceof RefundReport.Succeeded done) {
                assertThat(done.amount()).isEqualTo(Money.fen(100));
                assertThat(done.at()).isEqualTo(Instant.ofEpochSecond(1767240009));
            }
        }

        @Test
        void of_an_unknown_number_are_absent() {
            answers(r -> FakeXpay.error(268490002, "data not exist"));

            assertThat(provider.queryRefund(account(), refund)).isInstanceOf(RefundReport.Absent.class);
        }

        @Test
        void of_more_than_is_left_are_not_sent() {
            answers(r -> r.path().endsWith("query_order")
                            && FakeXpay.body(r).getString("order_id").equals(NUMBER)
                    ? order(99)
                    : FakeXpay.error(268490002, "data not exist"));

            assertThat(failure(() -> provider.refund(account(), refund)))
                    .hasMessageContaining("refund_fee is 100, and left_fee is 99")
                    .extracting(ProviderFailure::providerCode)
                    .isEqualTo("left_fee");
            assertThat(server.requests()).extracting(Request::path).doesNotContain("/xpay/refund_order");
        }

        @Test
        void that_wechat_has_already_are_reported_although_too_little_is_left() {
            answers(r -> FakeXpay.body(r).getString("order_id").equals(NUMBER)
                    ? order(0)
                    : FakeXpay.ok(Json.createObjectBuilder()
                            .add("order", FakeXpay.order(NUMBER + "-1", 5).add("order_type", 1))));

            assertThat(provider.refund(account(), refund)).isInstanceOf(RefundReport.Succeeded.class);
        }

        @Test
        void made_in_the_console_are_found_by_wechats_number() {
            var outside = new RefundRequest(
                    attempt(),
                    "",
                    "wxr9",
                    "wxr9",
                    Money.fen(990),
                    Money.fen(990),
                    "",
                    URI.create("https://pay.example/notify/x"));
            answers(r -> FakeXpay.body(r).containsKey("wx_order_id")
                    ? FakeXpay.ok(Json.createObjectBuilder()
                            .add(
                                    "order",
                                    FakeXpay.order("console1", 5)
                                            .add("wx_order_id", "wxr9")
                                            .add("order_type", 1)
                                            .add("refund_fee", 990)))
                    : FakeXpay.error(268490002, "data not exist"));

            assertThat(provider.queryRefund(account(), outside))
                    .isInstanceOfSatisfying(
                            RefundReport.Succeeded.class,
                            r -> assertThat(r.amount()).isEqualTo(Money.fen(990)));
        }

        @Test
        void of_coins_have_a_remark_that_coins_stay() {
            assertThat(provider.besideRefund(coins(1))).isPresent();
            assertThat(provider.besideRefund(goods(1, 1))).isEmpty();
            assertThat(provider.besideRefund(JsonObject.EMPTY_JSON_OBJECT)).isEmpty();
        }
    }

    @Nested
    class CoinsOfUsers {
        private final Coins.User user =
                new Coins.User("oUser1", "1.2.3.4", Optional.of(new SessionKey(FakeXpay.SESSION)));

        @Test
        void have_a_balance() {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add("balance", 30)
                    .add("present_balance", "10")
                    .add("sum_save", 50)
                    .add("first_save_flag", true)));

            assertThat(provider.queryUserBalance(account(), user))
                    .isEqualTo(new Coins.Balance(30, 10, 50, 0, 0, 0, true));
            assertThat(FakeXpay.parameter(server.requests().get(0), "signature"))
                    .isNotEmpty();
            assertThat(FakeXpay.body(server.requests().get(0)).getString("user_ip"))
                    .isEqualTo("1.2.3.4");
        }

        @Test
        void are_spent_taken_back_and_given() {
            answers(r -> FakeXpay.ok(Json.createObjectBuilder()
                    .add("balance", 20)
                    .add("used_present_amount", 5)
                    .add("present_balance", 7)));
            var items = Json.createArrayBuilder().build();

            var left = provider.currencyPay(account(), user, "coin0001", 10, items, "r");
            provider.cancelCurrencyPay(account(), user, "coin0001", "coin0001-1234", 10, false);
            var given = provider.presentCurrency(account(), user, "gift0001", 3);

            assertThat(left.balance()).hasValue(20);
            assertThat(left.usedPresent()).hasValue(5);
            assertThat(given.presentBalance()).hasValue(7);
            assertThat(server.requests())
                    .extracting(Request::path)
                    .containsExactly("/xpay/currency_pay", "/xpay/cancel_currency_pay", "/xpay/present_currency");
            assertThat(FakeXpay.body(server.requests().get(0)).getString("payitem"))
                    .isEqualTo("[]");
            assertThat(FakeXpay.body(server.requests().get(1)).getString("pay_order_id"))
                    .isEqualTo("coin0001");
            assertThat(FakeXpay.parameter(server.requests().get(2), "signature"))
                    .isEmpty();
        }

        @Test
        void that_are_back_already_are_so_by_an_earlier_call_of_the_same_number_alone() {
            answers(r -> FakeXpay.error(268490005, "cancelled"));

            provider.cancelCurrencyPay(account(), user, "coin0001", "coin0001-1234", 10, true);

            assertThat(failure(() ->
                                    provider.cancelCurrencyPay(account(), user, "coin0001", "coin0001-1234", 10, false))
                            .providerCode())
                    .isEqualTo("268490005");
        }

        @Test
        void of_a_repeated_call_are_spent_once() {
            answers(r -> FakeXpay.error(268490004, "repeated"));

            var left = provider.currencyPay(
                    account(), user, "coin0001", 10, Json.createArrayBuilder().build(), "r");

            assertThat(left).isEqualTo(Coins.Left.UNKNOWN);
            answers(r -> FakeXpay.error(268490006, "not enough"));
            assertThat(failure(() -> provider.presentCurrency(account(), user, "gift0001", 3))
                            .kind())
                    .isEqualTo(Kind.DECLINED);
        }
    }

    @Nested
    class Pushes {
        private RawNotification plain(String body) {
            return new RawNotification(
                    "POST",
                    "signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656",
                    Map.of(),
                    body.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void of_payments_and_refunds_are_hints() {
            var goods = provider.read(
                    account(),
                    plain("<xml><Event>xpay_goods_deliver_notify</Event><OutTradeNo>" + NUMBER
                            + "</OutTradeNo><Env>0</Env></xml>"));
            var refund = provider.read(
                    account(),
                    plain("{\"Event\":\"xpay_refund_notify\",\"MchRefundId\":\"R0000001\",\"MchOrderId\":\"" + NUMBER
                            + "\"}"));

            assertThat(goods.content()).isEqualTo(new ParsedNotification.Hint(NUMBER, "", "", true));
            assertThat(goods.repeatKey()).isEmpty();
            assertThat(refund.content()).isEqualTo(new ParsedNotification.Hint(NUMBER, "", "R0000001", true));
        }

        private String paid(String more) {
            return "{\"Event\":\"xpay_goods_deliver_notify\",\"OutTradeNo\":\"" + NUMBER + "\"," + more + "}";
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "'OpenId':'oUser1','Env':0,'GoodsInfo':{'ProductId':'testproductId','Quantity':2} | ''",
                    "'OpenId':'oUser2','Env':0,'GoodsInfo':{'ProductId':'testproductId','Quantity':2} | OpenId is oUser2 and not oUser1",
                    "'OpenId':'oUser1','Env':1,'GoodsInfo':{'ProductId':'testproductId','Quantity':2} | Env is 1 and not 0",
                    "'OpenId':'oUser1','Env':0,'GoodsInfo':{'ProductId':'testproductId','Quantity':1} | Quantity is 1 and not 2",
                    "'OpenId':'oUser1','Env':0,'GoodsInfo':{'ProductId':'other','Quantity':'2'} | ProductId is other and not testproductId"
                })
        void that_prove_what_was_bought_are_compared(String event, String difference) {
            var raw = FakeXpay.push(paid(event.replace('\'', '"')));

            assertThat(provider.difference(account(), raw, attempt(), goods(2, 10))
                            .orElse(""))
                    .isEqualTo(difference);
        }

        @Test
        void of_coins_are_compared_and_plain_ones_prove_nothing() {
            var event = paid("\"CoinInfo\":{\"Quantity\":1}").replace("goods_deliver", "coin_pay");

            assertThat(provider.difference(account(), FakeXpay.push(event), attempt(), coins(100)))
                    .contains("Quantity is 1 and not 100");
            assertThat(provider.difference(
                            account(FakeXpay.node().add("encodingAESKey", "")), plain(event), attempt(), coins(100)))
                    .isEmpty();
        }

        @Test
        void of_a_sandbox_payment_are_those_of_its_attempt_after_the_node_was_switched() {
            var sandbox = account(FakeXpay.node().add("sandbox", true));
            var raw = FakeXpay.push(paid("\"Env\":0"));

            assertThat(provider.difference(sandbox, raw, attempt("0"), goods(1, 10)))
                    .isEmpty();
            assertThat(provider.difference(sandbox, raw, attempt("1"), goods(1, 10)))
                    .contains("Env is 0 and not 1");
            assertThat(provider.isOfOtherEnvironment(sandbox, raw)).isTrue();
            assertThat(provider.isOfOtherEnvironment(account(), raw)).isFalse();
        }

        @Test
        void of_a_refund_made_in_the_console_name_wechats_number() {
            var refund = provider.read(
                    account(),
                    FakeXpay.push("{\"Event\":\"xpay_refund_notify\",\"MchRefundId\":\"\",\"WxRefundId\":\"wxr9\","
                            + "\"MchOrderId\":\"" + NUMBER + "\"}"));

            var hint = (ParsedNotification.Hint) refund.content();
            assertThat(hint.attemptNo()).isEqualTo(NUMBER);
            assertThat(hint.refundNo()).isEqualTo("wxr9");
        }

        @Test
        void of_the_other_environment_are_hints() {
            var other = provider.read(
                    account(),
                    plain("{\"Event\":\"xpay_goods_deliver_notify\",\"OutTradeNo\":\"" + NUMBER + "\",\"Env\":1}"));

            assertThat(other.content()).isInstanceOf(ParsedNotification.Hint.class);
        }

        @Test
        void of_unknown_kinds_are_kept_if_they_are_encrypted_and_acknowledged_if_not() {
            var complaint = "{\"Event\":\"xpay_complaint_notify\",\"ComplaintId\":\"1\",\"RetryTimes\":0}";
            var again = "{\"RetryTimes\":1,\"Event\":\"xpay_complaint_notify\",\"ComplaintId\":\"1\"}";
            var proved = provider.read(account(), FakeXpay.push(complaint));

            assertThat(proved.content()).isInstanceOf(ParsedNotification.Other.class);
            assertThat(provider.read(account(), FakeXpay.push(again)).repeatKey())
                    .isEqualTo(proved.repeatKey());
            assertThat(provider.read(account(), plain(complaint)).content())
                    .isInstanceOf(ParsedNotification.Greeting.class);
        }

        @Test
        void that_are_no_events_are_acknowledged_and_not_stored() {
            var text = (ParsedNotification.Greeting)
                    provider.read(account(), FakeXpay.push("{\"MsgType\":\"text\",\"Content\":\"hello\"}"))
                            .content();

            assertThat(text.answer().body()).isEqualTo("success");
        }

        @Test
        void that_check_the_address_are_echoed() {
            var raw = new RawNotification(
                    "GET",
                    "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492",
                    Map.of(),
                    new byte[0]);

            var greeting =
                    (ParsedNotification.Greeting) provider.read(account(), raw).content();

            assertThat(greeting.answer().body()).isEqualTo("4375120948345356249");
            assertThat(greeting.answer().mediaType()).isEqualTo("text/plain");
        }
    }

    @Nested
    class The_node {
        @ParameterizedTest
        @CsvSource({
            "appId, 1900000109",
            "secret, ''",
            "mchId, wx1",
            "offerId, 'a b'",
            "appKey, ''",
            "appKey, sandbox-app-key-1",
            "rate, 0",
            "rate, 1.5",
            "rate, abc",
            "token, 'a b'",
            "encodingAESKey, AAAA",
            "sandbox, yes",
            "ios, true"
        })
        void is_refused_with_the_name_of_the_key(String key, String value) {
            assertThatThrownBy(() -> provider.check(account(FakeXpay.node().add(key, value))))
                    .isInstanceOfSatisfying(WrongNodeValue.class, e -> {
                        assertThat(e.sentence().en()).contains(key);
                        assertThat(e.sentence().zh()).contains(key).containsPattern("\\p{IsHan}");
                    });
        }

        @Test
        void has_an_offer_id_that_is_a_text_and_a_sandbox_key_for_the_sandbox() {
            assertThatThrownBy(() -> provider.check(account(FakeXpay.node().add("offerId", 1450012345))))
                    .isInstanceOf(WrongNodeValue.class);
            assertThatThrownBy(() -> provider.check(
                            account(FakeXpay.node().add("sandbox", true).add("sandboxAppKey", ""))))
                    .isInstanceOf(WrongNodeValue.class)
                    .hasMessageContaining("sandboxAppKey");
            provider.check(account(FakeXpay.node().add("appKey", "").add("sandbox", true)));
            provider.check(
                    account(FakeXpay.node().add("rate", "10").add("token", "").add("encodingAESKey", "")));
        }

        @Test
        void decides_whether_iphones_pay() {
            var iphone =
                    new Client("mp-weixin", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0)", false, false, false, false);
            var ipad = new Client("mp-weixin", "Mozilla/5.0 (Macintosh) ios", false, false, false, false);
            var android = new Client("mp-weixin", "Mozilla/5.0 (Linux; Android 14) kiosk", false, false, false, false);

            assertThatThrownBy(() -> provider.checkDevice(account(), iphone))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.INVALID_PLATFORM))
                    .hasMessageContaining("INVALID_PLATFORM");
            assertThatThrownBy(() -> provider.checkDevice(account(), ipad)).hasMessageContaining("INVALID_PLATFORM");
            provider.checkDevice(account(), android);
            provider.checkDevice(account(FakeXpay.node().add("ios", true)), iphone);
        }

        @ParameterizedTest
        @CsvSource({
            "T2026010, true",
            "T202601, false",
            "_T2026010, false",
            "T-|*@0000, true",
            "T.2026010, false",
            "A23456789012345678901234567890123, false"
        })
        void takes_numbers_of_8_to_32_characters(String number, boolean fits) {
            assertThat(provider.fits(number)).isEqualTo(fits);
        }
    }
}
