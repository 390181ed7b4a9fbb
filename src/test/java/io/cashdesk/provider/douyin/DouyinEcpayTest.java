package io.cashdesk.provider.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guaranteed payment in detail. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinEcpayTest {
    private static final String NUMBER = ProviderWire.NUMBER;
    private static final URI NOTIFY = URI.create("https://pay.example.com/notify/x");
    private static final String SETTLEMENT = "0123456789abcdef0123456789abcdef";

    private final DouyinWire wire = new DouyinWire(Dialect.ECPAY);
    private final DouyinProvider provider = wire.provider();
    private final ProviderServer server = new ProviderServer();

    @AfterEach
    void close() {
        server.close();
    }

    private AccountSettings account() {
        return account(wire.node());
    }

    private AccountSettings account(JsonObject node) {
        return new AccountSettings(UUID.randomUUID(), 1, DouyinProvider.NAME, "mp-toutiao", node, server.address());
    }

    private static AttemptRef attempt() {
        return new AttemptRef(DouyinProvider.MINI_PROGRAM, NUMBER, SubMerchant.NONE);
    }

    private static PaymentRequest request(String subject, JsonObject other, URI notify, Instant until) {
        return new PaymentRequest(
                attempt(),
                Money.fen(990),
                subject,
                until,
                notify,
                new Payer("203.0.113.7", "", Payer.Screen.APP),
                Optional.empty(),
                other);
    }

    private static PaymentRequest request() {
        return request("测试商品", JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW.plusSeconds(600));
    }

    private JsonObject sent() {
        return DouyinWire.json(
                server.requests().get(server.requests().size() - 1).body());
    }

    private JsonObject sent(PaymentRequest request) {
        server.answers(wire::success);
        provider.create(account(), request);
        return sent();
    }

    private static ProviderFailure failure(ThrowingCallable call) {
        var thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    private void answers(String json) {
        server.answers(new Answer(200, Map.of(), json));
    }

    @Nested
    class An_order {
        @Test
        void is_opened_with_what_the_client_needs_for_tt_pay() {
            server.answers(wire::success);

            Created created = provider.create(account(), request());

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).path()).isEqualTo("/api/apps/ecpay/v1/create_order");
            assertThat(sent().keySet())
                    .containsExactlyInAnyOrder(
                            "app_id",
                            "out_order_no",
                            "total_amount",
                            "subject",
                            "body",
                            "valid_time",
                            "notify_url",
                            "sign");
            assertThat(sent().getJsonNumber("total_amount").longValueExact()).isEqualTo(990);
            assertThat(sent().getString("notify_url")).isEqualTo(NOTIFY.toString());
            assertThat(created.providerNo()).isEqualTo(DouyinWire.THEIRS);
            assertThat(created.prompt()).isInstanceOf(PaymentPrompt.CallWallet.class);
            assertThat(created.prompt().orderInfo().toString())
                    .isEqualTo("{\"order_id\":\"" + DouyinWire.THEIRS + "\",\"order_token\":\"CgwIARDiDRibDiAB\"}");
            assertThat(provider.refresh(account(), DouyinProvider.MINI_PROGRAM, created.prompt(), Optional.empty()))
                    .isEqualTo(created.prompt());
        }

        @ParameterizedTest
        @CsvSource({"1, 300", "299, 300", "300, 300", "7200, 7200", "172800, 172800", "172801, 172800", "-5, 300"})
        void lives_as_long_as_the_attempt_within_the_limits_of_Douyin(long seconds, long validTime) {
            var body = sent(request("茶", JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW.plusSeconds(seconds)));

            assertThat(body.getJsonNumber("valid_time").longValueExact()).isEqualTo(validTime);
        }

        @Test
        void has_a_title_of_128_bytes_and_42_Chinese_characters_at_most() {
            var chinese = sent(request("茶".repeat(60), JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW));
            var latin = sent(request("t".repeat(127) + "茶", JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW));
            var cups = sent(request("🍵".repeat(60), JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW));

            for (var name : List.of("subject", "body")) {
                assertThat(chinese.getString(name)).isEqualTo("茶".repeat(42));
                assertThat(latin.getString(name)).isEqualTo("t".repeat(127));
                assertThat(cups.getString(name)).isEqualTo("🍵".repeat(32));
            }
        }

        @Test
        void has_a_title_without_white_space_at_its_ends() {
            var body = sent(request("\u3000\u00a0 茶 杯\u0085 ", JsonObject.EMPTY_JSON_OBJECT, NOTIFY, ProviderWire.NOW));

            assertThat(body.getString("subject")).isEqualTo("茶 杯");
        }

        @Test
        void carries_more_parameters_which_are_signed_as_they_are_sent() {
            var other = Json.createObjectBuilder()
                    .add("disable_msg", 0)
                    .add("limit_pay_way", "LIMIT_WX")
                    .add("body", "茶叶 250 克")
                    .add("expand_order_info", Json.createObjectBuilder().add("original_delivery_fee", 15))
                    .build();

            var body = sent(request("茶", other, NOTIFY, ProviderWire.NOW)); // the server verifies the signature

            assertThat(body.getInt("disable_msg")).isZero();
            assertThat(body.getString("body")).isEqualTo("茶叶 250 克");
            assertThat(body.getString("expand_order_info")).isEqualTo("{\"original_delivery_fee\":15}");
            assertThat(body.getString("sign")).isEqualTo(DouyinWire.sign(body));
        }

        @ParameterizedTest
        @CsvSource({
            "https://pay.example.com/notify/x, true",
            "https://pay.example.com:443/notify/x, true",
            "https://pay.example.com:8443/notify/x, false",
            "http://pay.example.com/notify/x, false"
        })
        void names_our_address_only_if_Douyin_takes_it(String address, boolean named) {
            var body = Json.createObjectBuilder();
            var douyin = new AccountSettings(
                    UUID.randomUUID(), 1, DouyinProvider.NAME, "mp-toutiao", wire.node(), DouyinProvider.GATEWAY);

            EcpayApi.addNotifyUrl(body, DouyinAccount.of(douyin), URI.create(address));

            assertThat(body.build().containsKey("notify_url")).isEqualTo(named);
        }

        @Test
        void names_no_address_of_more_than_256_characters() {
            var body = Json.createObjectBuilder();
            var douyin = new AccountSettings(
                    UUID.randomUUID(), 1, DouyinProvider.NAME, "mp-toutiao", wire.node(), DouyinProvider.GATEWAY);

            EcpayApi.addNotifyUrl(
                    body, DouyinAccount.of(douyin), URI.create("https://pay.example.com/" + "x".repeat(233)));

            assertThat(body.build()).isEmpty();
        }

        @Test
        void names_any_address_to_a_gateway_without_TLS() {
            var address = URI.create("http://127.0.0.1:8080/notify/x");

            assertThat(sent(request("茶", JsonObject.EMPTY_JSON_OBJECT, address, ProviderWire.NOW))
                            .getString("notify_url"))
                    .isEqualTo(address.toString());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"err_no\":0,\"err_tips\":\"\",\"data\":null}",
                    "{\"err_no\":0,\"data\":{\"order_id\":\"1\"}}",
                    "{\"err_no\":0,\"data\":{\"order_token\":\"1\"}}",
                    "{\"err_tips\":\"success\"}",
                    "{\"err_no\":1000,\"err_tips\":\"internal\"}",
                    "{\"err_no\":1001,\"err_tips\":\"busy\"}",
                    "[]"
                })
        void without_a_usable_answer_may_exist(String answer) {
            answers(answer);

            assertThat(failure(() -> provider.create(account(), request())).kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void that_is_refused_keeps_code_and_words() {
            answers("{\"err_no\":2008,\"err_tips\":\"签名校验异常\",\"data\":null}");

            var failure = failure(() -> provider.create(account(), request()));

            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("2008");
            assertThat(failure).hasMessage("签名校验异常");
            assertThat(provider.numberIsSpent("2008")).isFalse();
            assertThat(provider.numberIsSpent("2010")).isTrue();
        }

        @Test
        void of_a_sub_merchant_is_not_opened() {
            var sub = new AttemptRef(DouyinProvider.MINI_PROGRAM, NUMBER, new SubMerchant("1", "", ""), "", "");
            var request = new PaymentRequest(
                    sub,
                    Money.fen(1),
                    "茶",
                    ProviderWire.NOW,
                    NOTIFY,
                    new Payer("", "", Payer.Screen.APP),
                    Optional.empty(),
                    JsonObject.EMPTY_JSON_OBJECT);

            assertThat(failure(() -> provider.create(account(), request)).providerCode())
                    .isEqualTo("sub_mchid");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Nested
    class A_call {
        private void refuses(SubMerchant sub, JsonObject other, ProblemType type, String name) {
            var input = new CallerInput(
                    DouyinProvider.MINI_PROGRAM,
                    new Payer("", "", Payer.Screen.APP),
                    sub,
                    Optional.empty(),
                    Optional.empty(),
                    other);
            assertThatThrownBy(() -> provider.checkInput(account(), input))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(type))
                    .hasMessageContaining(name);
        }

        @Test
        void with_what_the_order_determines_is_refused() {
            for (var name : List.of(
                    "app_id",
                    "out_order_no",
                    "total_amount",
                    "totalAmount",
                    "subject",
                    "valid_time",
                    "sign",
                    "notify_url",
                    "thirdparty_id",
                    "other_settle_params")) {
                var other = Json.createObjectBuilder().add(name, "x").build();
                refuses(SubMerchant.NONE, other, ProblemType.OTHER_RESERVED, "other." + name + " ");
            }
        }

        @Test
        void with_a_value_that_cannot_be_signed_is_refused() {
            for (var json : List.of("{\"x\":1.5}", "{\"x\":true}", "{\"x\":null}")) {
                refuses(SubMerchant.NONE, DouyinWire.json(json), ProblemType.FIELD, "other.x");
            }
            refuses(
                    SubMerchant.NONE,
                    Json.createObjectBuilder().add("cp_extra", "x".repeat(2049)).build(),
                    ProblemType.FIELD,
                    "other.cp_extra");
            refuses(
                    SubMerchant.NONE,
                    Json.createObjectBuilder().add("cp_extra", 7).build(),
                    ProblemType.FIELD,
                    "other.cp_extra");
        }

        @Test
        void for_a_sub_merchant_is_refused() {
            refuses(
                    new SubMerchant("1", "", ""),
                    JsonObject.EMPTY_JSON_OBJECT,
                    ProblemType.NOT_SUPPORTED,
                    "sub-merchant");
        }

        @ParameterizedTest
        @CsvSource({
            "T1, true",
            "a_-*, true",
            "'', false",
            "a|b, false",
            "a.b, false",
            "订单, false",
            "1234567890123456789012345678901234567890123456789012345678901234, true",
            "12345678901234567890123456789012345678901234567890123456789012345, false"
        })
        void takes_the_numbers_of_Douyin(String number, boolean fits) {
            assertThat(provider.fits(number)).isEqualTo(fits);
            assertThat(provider.fitsRefund(number)).isEqualTo(fits);
        }

        @ParameterizedTest
        @CsvSource({"mp-toutiao, false, douyin_mp-toutiao", "mp-toutiao, true, douyin_h5", "h5, false, douyin_h5"})
        void is_for_mini_programs_only(String platform, boolean code, String payType) {
            var client = new Client(platform, "", false, code, false, false);

            assertThat(provider.payType(client)).hasToString(payType);
            assertThat(provider.worksIn(client, DouyinProvider.MINI_PROGRAM)).isFalse();
            assertThat(provider.products().keySet()).containsExactly(PayType.of("douyin_mp-toutiao"));
            assertThat(provider.products().values()).allSatisfy(rules -> {
                assertThat(rules.onPages()).isFalse();
                assertThat(rules.shortestLife()).hasMinutes(5);
                assertThat(rules.keepsExpiry()).isTrue();
            });
        }
    }

    @Nested
    class A_query {
        private ProviderReport query(String answer) {
            answers(answer);
            return provider.query(account(), attempt());
        }

        private String paid(String more) {
            return "{\"err_no\":0,\"out_order_no\":\"" + NUMBER + "\",\"order_id\":\"7\",\"payment_info\":{" + more
                    + "}}";
        }

        @ParameterizedTest
        @CsvSource({"1, wxpay", "2, alipay", "10, douyin", "3, ''"})
        void says_with_which_wallet_it_was_paid(int way, String wallet) {
            var report = query(paid("\"total_fee\":990,\"order_status\":\"SUCCESS\",\"way\":" + way));

            assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
                assertThat(paid.details().payMethod()).isEqualTo(wallet);
                assertThat(paid.paidAt()).isNull();
                assertThat(paid.transactionId()).isEqualTo("7");
            });
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"order_status\":\"SUCCESS\"",
                    "\"order_status\":\"SUCCESS\",\"total_fee\":0",
                    "\"order_status\":\"SUCCESS\",\"total_fee\":9.9",
                    "\"total_fee\":990",
                    ""
                })
        void whose_answer_cannot_be_read_has_no_answer(String payment) {
            assertThat(failure(() -> query(paid(payment))).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void about_another_order_of_Douyin_has_no_answer() {
            answers(paid("\"total_fee\":990,\"order_status\":\"SUCCESS\""));
            var known = new AttemptRef(DouyinProvider.MINI_PROGRAM, NUMBER, SubMerchant.NONE, "8", "");

            assertThat(failure(() -> provider.query(account(), known)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void that_is_refused_says_nothing_about_the_payment_unless_its_code_does() {
            assertThat(query("{\"err_no\":2000,\"err_tips\":\"no record\"}")).isInstanceOf(ProviderReport.Absent.class);
            assertThat(query("{\"err_no\":2010,\"err_tips\":\"订单不存在\"}")).isInstanceOf(ProviderReport.Unclear.class);
            assertThat(query("{\"err_no\":2010,\"err_tips\":\"参数错误\"}")).isInstanceOf(ProviderReport.Unclear.class);
            assertThat(failure(() -> query("{\"err_no\":2020,\"err_tips\":\"app_id 不存在\"}"))
                            .kind())
                    .isEqualTo(Kind.DECLINED);
            assertThat(failure(() -> query("{\"err_no\":2008,\"err_tips\":\"签名\"}"))
                            .kind())
                    .isEqualTo(Kind.DECLINED);
            assertThat(failure(() -> query("{\"err_no\":1001,\"err_tips\":\"busy\"}"))
                            .kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }
    }

    @Nested
    class Refunds {
        private RefundRequest refund(String reason) {
            return new RefundRequest(attempt(), "7", NUMBER + "-1", "", Money.fen(100), Money.fen(990), reason, NOTIFY);
        }

        @Test
        void are_accepted_and_not_yet_made() {
            answers("{\"err_no\":0,\"err_tips\":\"success\",\"refund_no\":\"R1\"}");

            var report = provider.refund(account(), refund("缺货".repeat(60)));

            assertThat(server.requests().get(0).path()).isEqualTo("/api/apps/ecpay/v1/create_refund");
            var body = sent();
            assertThat(body.getString("out_order_no")).isEqualTo(NUMBER);
            assertThat(body.getString("out_refund_no")).isEqualTo(NUMBER + "-1");
            assertThat(body.getInt("refund_amount")).isEqualTo(100);
            assertThat(body.getString("reason")).isEqualTo("缺货".repeat(50));
            assertThat(body.getString("cp_extra")).isEqualTo("attempt=" + NUMBER);
            assertThat(body.getString("notify_url")).isEqualTo(NOTIFY.toString());
            assertThat(body.getString("sign")).isEqualTo(DouyinWire.sign(body));
            assertThat(report).isInstanceOfSatisfying(RefundReport.Processing.class, processing -> {
                assertThat(processing.refundNo()).isEqualTo(NUMBER + "-1");
                assertThat(processing.refundId()).isEqualTo("R1");
            });
        }

        @Test
        void have_a_reason_always() {
            answers("{\"err_no\":0,\"refund_no\":\"R1\"}");
            provider.refund(account(), refund(" "));

            assertThat(sent().getString("reason")).isEqualTo("退款");
        }

        @ParameterizedTest
        @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "FAIL, Closed"})
        void are_queried(String status, String report) {
            answers("{\"err_no\":0,\"refundInfo\":{\"refund_no\":\"R1\",\"refund_amount\":100,\"refund_status\":\""
                    + status + "\",\"refunded_at\":1767240100}}");

            var found = provider.queryRefund(account(), refund(""));

            assertThat(found.getClass().getSimpleName()).isEqualTo(report);
            if (found instanceof RefundReport.Succeeded succeeded) {
                assertThat(succeeded.amount()).isEqualTo(Money.fen(100));
                assertThat(succeeded.at()).isEqualTo(Instant.ofEpochSecond(1767240100));
                assertThat(succeeded.refundId()).isEqualTo("R1");
            }
        }

        @Test
        void in_an_unknown_state_have_no_answer() {
            answers("{\"err_no\":0,\"refundInfo\":{\"refund_status\":\"NEW\"}}");

            assertThat(failure(() -> provider.queryRefund(account(), refund(""))))
                    .hasMessageContaining("NEW")
                    .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN));
        }

        @Test
        void that_Douyin_does_not_know_are_absent() {
            answers("{\"err_no\":3101,\"err_tips\":\"refund not found\"}");

            assertThat(provider.queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Absent.class);
        }

        @ParameterizedTest
        @CsvSource({"2010, 该退款单对应的门店不存在", "2008, sign key not found", "2000, 订单不存在"})
        void are_not_absent_because_of_words(String code, String words) {
            answers("{\"err_no\":" + code + ",\"err_tips\":\"" + words + "\"}");

            assertThat(failure(() -> provider.queryRefund(account(), refund("")))
                            .kind())
                    .isEqualTo(Kind.DECLINED);
        }

        @Test
        void that_are_refused_because_they_were_requested_before_are_what_they_are() {
            server.answers(request -> new Answer(
                    200,
                    Map.of(),
                    request.path().endsWith("create_refund")
                            ? "{\"err_no\":2010,\"err_tips\":\"退款单号重复\"}"
                            : "{\"err_no\":0,\"refundInfo\":{\"refund_no\":\"R1\",\"refund_status\":\"SUCCESS\"}}"));

            assertThat(provider.refund(account(), refund(""))).isInstanceOf(RefundReport.Succeeded.class);
        }

        @ParameterizedTest
        @CsvSource({
            "3101, refund not found, DECLINED",
            "2010, 该退款单对应的门店不存在, OUTCOME_UNKNOWN",
            "2008, sign key not found, OUTCOME_UNKNOWN",
            "1001, busy, OUTCOME_UNKNOWN"
        })
        void that_are_refused_are_refused_only_if_Douyin_has_none(String code, String words, Kind kind) {
            server.answers(request -> new Answer(
                    200,
                    Map.of(),
                    request.path().endsWith("create_refund")
                            ? "{\"err_no\":2010,\"err_tips\":\"余额不足\"}"
                            : "{\"err_no\":" + code + ",\"err_tips\":\"" + words + "\"}"));

            var failure = failure(() -> provider.refund(account(), refund("")));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.providerCode()).isEqualTo("2010");
            assertThat(failure).hasMessage("余额不足");
        }

        @Test
        void that_are_refused_for_the_reason_for_which_their_query_is_are_refused() {
            answers("{\"err_no\":2008,\"err_tips\":\"签名校验异常\"}");

            assertThat(failure(() -> provider.refund(account(), refund(""))).kind())
                    .isEqualTo(Kind.DECLINED);
        }

        @Test
        void are_limited_as_WeChats() {
            assertThat(provider.mostRefunds(account())).isEqualTo(50);
            assertThat(provider.refundable()).hasYears(1);
        }

        @Test
        void cannot_be_requested_by_payers() {
            assertThat(failure(() -> provider.decide(account(), attempt(), "R1", true, ""))
                            .providerCode())
                    .isEqualTo("dialect");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Nested
    class Settlements {
        private final SettlementRequest request =
                new SettlementRequest(attempt(), "7", SETTLEMENT, Money.fen(890), NOTIFY);

        @Test
        void are_requested_whole_and_without_other_parties() {
            answers("{\"err_no\":0,\"err_tips\":\"success\",\"settle_no\":\"S1\"}");

            var report = provider.settle(account(), request);

            assertThat(server.requests().get(0).path()).isEqualTo("/api/apps/ecpay/v1/settle");
            var body = sent();
            assertThat(body.keySet())
                    .isEqualTo(Set.of(
                            "app_id", "out_settle_no", "out_order_no", "settle_desc", "finish", "notify_url", "sign"));
            assertThat(body.getString("finish")).isEqualTo("true");
            assertThat(body.getString("out_settle_no")).isEqualTo(SETTLEMENT);
            assertThat(body.getString("settle_desc")).isEqualTo("结算");
            assertThat(body.getString("sign")).isEqualTo(DouyinWire.sign(body));
            assertThat(report).isInstanceOfSatisfying(SettlementReport.Processing.class, processing -> {
                assertThat(processing.settlementNo()).isEqualTo(SETTLEMENT);
                assertThat(processing.settlementId()).isEqualTo("S1");
            });
        }

        @ParameterizedTest
        @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "FAIL, Failed"})
        void are_queried(String status, String report) {
            answers("{\"err_no\":0,\"settle_info\":{\"settle_no\":\"S1\",\"settle_amount\":890,\"settle_status\":\""
                    + status + "\",\"settled_at\":1767240100,\"msg\":\"why\"}}");

            var found = provider.querySettlement(account(), request);

            assertThat(found.getClass().getSimpleName()).isEqualTo(report);
            if (found instanceof SettlementReport.Succeeded succeeded) {
                assertThat(succeeded.amount()).isEqualTo(Money.fen(890));
                assertThat(succeeded.at()).isEqualTo(Instant.ofEpochSecond(1767240100));
            }
        }

        @Test
        void that_Douyin_does_not_know_are_absent_and_a_refusal_stands() {
            server.answers(request -> new Answer(
                    200,
                    Map.of(),
                    request.path().endsWith("/settle")
                            ? "{\"err_no\":2010,\"err_tips\":\"未到结算时间\"}"
                            : "{\"err_no\":3101,\"err_tips\":\"not found\"}"));

            assertThat(provider.querySettlement(account(), request)).isInstanceOf(SettlementReport.Absent.class);
            assertThat(failure(() -> provider.settle(account(), request))).hasMessage("未到结算时间");
        }

        @ParameterizedTest
        @CsvSource({"0, 890", "800, 90", "890, ", "900, "})
        void that_Douyin_made_by_itself_are_what_is_not_unsettled_any_more(long unsettled, Long settled) {
            answers("{\"err_no\":0,\"unsettle_amount\":" + unsettled + "}");

            var found = provider.settledWithoutUs(account(), request);

            if (settled == null) assertThat(found).isEmpty();
            else {
                assertThat(found)
                        .singleElement()
                        .satisfies(made -> assertThat(made.amount()).isEqualTo(Money.fen(settled)));
            }
        }

        @Test
        void that_were_requested_before_are_what_they_are() {
            server.answers(request -> new Answer(
                    200,
                    Map.of(),
                    request.path().endsWith("/settle")
                            ? "{\"err_no\":2010,\"err_tips\":\"重复\"}"
                            : "{\"err_no\":0,\"settle_info\":{\"settle_no\":\"S1\",\"settle_status\":\"SUCCESS\"}}"));

            assertThat(provider.settle(account(), request)).isInstanceOf(SettlementReport.Succeeded.class);
        }
    }

    @Nested
    class Callbacks {
        private ParsedNotification read(RawNotification raw) {
            return provider.read(account(), raw);
        }

        @Test
        void of_the_published_vector_are_payments() {
            var msg = "{\"appid\":\"tt226e54d3bd581bf801\",\"cp_orderno\":\"202408041111312119\",\"cp_extra\":\"\","
                    + "\"way\":\"2\",\"channel_no\":\"\",\"channel_gateway_no\":\"\",\"payment_order_no\":\"\","
                    + "\"out_channel_order_no\":\"\",\"total_amount\":1,\"status\":\"SUCCESS\","
                    + "\"seller_uid\":\"73744242495132490630\",\"extra\":\"\",\"item_id\":\"\",\"paid_at\":1722769986,"
                    + "\"message\":\"\",\"order_id\":\"7398108028895054107\"}";
            for (var timestamp : List.of("\"1722769986\"", "1722769986")) { // a text or a number
                var body = "{\"timestamp\":" + timestamp + ",\"nonce\":\"5280\",\"msg\":"
                        + Json.createValue(msg) + ",\"type\":\"payment\","
                        + "\"msg_signature\":\"840bdf067c1d6056becfe88735c8ebb7e1ab809c\"}";

                var read = read(new RawNotification("POST", "", Map.of(), body.getBytes(StandardCharsets.UTF_8)));

                assertThat(read.kind()).isEqualTo("payment");
                assertThat(read.report()).get().isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
                    assertThat(paid.attemptNo()).isEqualTo("202408041111312119");
                    assertThat(paid.transactionId()).isEqualTo("7398108028895054107");
                    assertThat(paid.amount()).isEqualTo(Money.fen(1));
                    assertThat(paid.paidAt()).isEqualTo(Instant.ofEpochSecond(1722769986));
                    assertThat(paid.details().payMethod()).isEqualTo("alipay");
                    assertThat(paid.evidence()).isEqualTo(msg);
                });
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"refund", "settle", "withdraw", "", "other"})
        void with_a_type_that_is_not_the_messages_are_refused(String type) {
            var msg = wire.payment(NUMBER).build().toString();

            assertThat(failure(() -> read(wire.message(type, msg, 1))).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        }

        @Test
        void that_cannot_be_read_are_refused() {
            for (var msg : List.of(
                    "x",
                    "[]",
                    wire.payment(NUMBER).remove("order_id").build().toString(),
                    wire.payment(NUMBER).add("total_amount", "x").build().toString(),
                    wire.payment("").build().toString())) {
                assertThat(failure(() -> read(wire.message("payment", msg, 1))).kind())
                        .as(msg)
                        .isEqualTo(Kind.NOT_AUTHENTIC);
            }
        }

        @Test
        void that_are_too_long_are_refused() {
            var msg = wire.payment(NUMBER)
                    .add("extra", "x".repeat(70_000))
                    .build()
                    .toString();

            assertThat(failure(() -> read(wire.message("payment", msg, 1))).kind())
                    .isEqualTo(Kind.NOT_AUTHENTIC);
        }

        @Test
        void of_a_refund_that_was_requested_here_say_of_which_payment() {
            var read = read(wire.refunded());

            assertThat(read.refund()).hasValueSatisfying(refund -> {
                assertThat(refund.of().attemptNo()).isEqualTo(NUMBER);
                assertThat(refund.report()).isInstanceOfSatisfying(RefundReport.Succeeded.class, succeeded -> {
                    assertThat(succeeded.refundNo()).isEqualTo(NUMBER + "-1");
                    assertThat(succeeded.refundId()).isEqualTo("R1");
                    assertThat(succeeded.amount()).isEqualTo(Money.fen(100));
                });
            });
            var failed = read(wire.message("refund", wire.refund("FAIL").build().toString(), 1));
            assertThat(failed.refund().orElseThrow().report()).isInstanceOf(RefundReport.Closed.class);
        }

        @Test
        void of_a_refund_that_was_made_elsewhere_have_the_numbers_of_Douyin() {
            var msg = wire.refund("SUCCESS")
                    .add("cp_extra", "")
                    .add("cp_refundno", "")
                    .build()
                    .toString();
            var read = read(wire.message("refund", msg, 1));

            assertThat(read.refund()).hasValueSatisfying(refund -> {
                assertThat(refund.of()).isEqualTo(new ParsedNotification.PaymentNumbers("", DouyinWire.THEIRS));
                assertThat(refund.report()).isInstanceOfSatisfying(RefundReport.Succeeded.class, succeeded -> {
                    assertThat(succeeded.refundNo()).isEqualTo("R1");
                    assertThat(succeeded.amount()).isEqualTo(Money.fen(100));
                });
            });
            assertThat(read.repeatKey()).isNotEmpty();
        }

        private String settlement(String status) {
            return Json.createObjectBuilder()
                    .add("app_id", DouyinWire.APP_ID)
                    .add("cp_settle_no", SETTLEMENT)
                    .add("settle_no", "S1")
                    .add("out_order_no", NUMBER)
                    .add("order_id", DouyinWire.THEIRS)
                    .add("status", status)
                    .add("settle_amount", 890)
                    .add("settled_at", 1767240100)
                    .add("message", "why")
                    .build()
                    .toString();
        }

        @ParameterizedTest
        @CsvSource({"SUCCESS, Succeeded", "FAIL, Failed"})
        void of_a_settlement_say_what_came_of_it(String status, String report) {
            var read = read(wire.message("settle", settlement(status), 1));

            assertThat(read.content()).isInstanceOfSatisfying(ParsedNotification.Settlement.class, settlement -> {
                assertThat(settlement.attemptNo()).isEqualTo(NUMBER);
                assertThat(settlement.report().settlementNo()).isEqualTo(SETTLEMENT);
                assertThat(settlement.report().getClass().getSimpleName()).isEqualTo(report);
            });
        }

        @Test
        void of_a_settlement_that_has_only_Douyins_number_of_the_payment_are_found_by_that() {
            var msg = settlement("SUCCESS").replace("\"out_order_no\":\"" + NUMBER + "\",", "");

            assertThat(read(wire.message("settle", msg, 1)).content())
                    .isInstanceOfSatisfying(ParsedNotification.Settlement.class, settlement -> {
                        assertThat(settlement.attemptNo()).isEmpty();
                        assertThat(settlement.transactionId()).isEqualTo(DouyinWire.THEIRS);
                    });
        }

        @Test
        void of_a_withdrawal_are_only_kept() {
            var read = read(wire.message("withdraw", "{\"status\":\"SUCCESS\",\"order_id\":\"1\"}", 1));

            assertThat(read.content()).isInstanceOf(ParsedNotification.Other.class);
            assertThat(read.repeatKey()).isNotEmpty();
        }

        @Test
        void for_another_application_are_refused_unless_they_are_payments() {
            for (var raw : List.of(
                    wire.message(
                            "refund",
                            wire.refund("SUCCESS").add("appid", "tt9").build().toString(),
                            1),
                    wire.message("settle", settlement("SUCCESS").replace(DouyinWire.APP_ID, "tt9"), 1))) {
                assertThat(failure(() -> read(raw)).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
            }
        }

        @Test
        void are_answered_in_Douyins_words() {
            var raw = wire.paid();

            assertThat(provider.acknowledgement(account(), raw).status()).isEqualTo(200);
            assertThat(provider.acknowledgement(account(), raw).body())
                    .isEqualTo("{\"err_no\":0,\"err_tips\":\"success\"}");
            assertThat(provider.refusal(account(), raw, true, "later").status()).isEqualTo(500);
            assertThat(provider.refusal(account(), raw, true, "later").body())
                    .isEqualTo("{\"err_no\":1,\"err_tips\":\"later\"}");
            assertThat(provider.refusal(account(), raw, false, "no").status()).isEqualTo(401);
            assertThat(provider.refusal(account(), raw, false, "no").body())
                    .isEqualTo("{\"err_no\":2,\"err_tips\":\"no\"}");
        }
    }
}
