package io.cashdesk.provider.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.LogCapture;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The general trade system in detail. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinTradeTest {
    private static final String NUMBER = ProviderWire.NUMBER;
    private static final URI NOTIFY = URI.create("https://pay.example.com/notify/x");
    private static final String SETTLEMENT = "0123456789abcdef0123456789abcdef";

    private static final Pattern AUTHORIZATION = Pattern.compile("SHA256-RSA2048 appid=\"" + DouyinWire.APP_ID
            + "\",nonce_str=\"([0-9a-f]{32})\",timestamp=\"(\\d+)\",key_version=\"1\",signature=\"([^\"]+)\"");

    private final DouyinWire wire = new DouyinWire(Dialect.TRADE);
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

    private static PaymentRequest request(String other) {
        return new PaymentRequest(
                attempt(),
                Money.fen(990),
                "测试商品",
                ProviderWire.NOW.plusSeconds(600),
                NOTIFY,
                new Payer("203.0.113.7", "", Payer.Screen.APP),
                Optional.empty(),
                DouyinWire.json(other));
    }

    private static ProviderFailure failure(ThrowingCallable call) {
        var thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    private static Answer json(String json) {
        return new Answer(200, Map.of(), json);
    }

    /** Answers by the last part of a call's path; what is not named is not called. */
    private void answers(Map<String, Function<Request, String>> byName) {
        server.answers(request -> {
            var name = request.path().replaceAll(".*/([a-z_]+)/$", "$1");
            var answer = byName.get(name);
            return answer == null ? Answer.page(404) : json(answer.apply(request));
        });
    }

    private JsonObject sent(String name) {
        var path = "/api/trade_basic/v1/developer/" + name + "/";
        return server.requests().stream()
                .filter(r -> r.path().equals(path))
                .reduce((first, last) -> last)
                .map(r -> DouyinWire.json(r.body()))
                .orElseThrow();
    }

    @Nested
    class An_order {
        private JsonObject data(JsonObject node, String other) {
            var prompt = provider.create(account(node), request(other)).prompt();
            return DouyinWire.json(prompt.orderInfo().asJsonObject().getString("data"));
        }

        @Test
        void is_signed_without_a_call() {
            var created = provider.create(account(), request("{}"));

            assertThat(server.requests()).isEmpty();
            assertThat(created.providerNo()).isEmpty();
            assertThat(created.prompt().orderInfo().asJsonObject().keySet())
                    .containsExactlyInAnyOrder("data", "byteAuthorization");
            var data =
                    DouyinWire.json(created.prompt().orderInfo().asJsonObject().getString("data"));
            assertThat(data.toString())
                    .isEqualTo(
                            "{\"skuList\":[{\"skuId\":\"1\",\"type\":401,\"tagGroupId\":\"tag_group_000000000000001\","
                                    + "\"imageList\":[\"https://merchant.example/a.png\"],\"quantity\":1,\"price\":990,"
                                    + "\"title\":\"测试商品\"}],"
                                    + "\"orderEntrySchema\":{\"path\":\"pages/order\",\"params\":\"{}\"},"
                                    + "\"outOrderNo\":\"" + NUMBER + "\",\"totalAmount\":990,\"payExpireSeconds\":600,"
                                    + "\"payNotifyUrl\":\"" + NOTIFY + "\"}");
            assertSigned(created.prompt(), ProviderWire.NOW);
        }

        private String assertSigned(PaymentPrompt prompt, Instant at) {
            var info = prompt.orderInfo().asJsonObject();
            var found = AUTHORIZATION.matcher(info.getString("byteAuthorization"));
            assertThat(found.matches()).isTrue();
            assertThat(found.group(2)).isEqualTo(String.valueOf(at.getEpochSecond()));
            var text = "POST\n/requestOrder\n" + found.group(2) + "\n" + found.group(1) + "\n" + info.getString("data")
                    + "\n";
            try {
                var signature = Signature.getInstance("SHA256withRSA");
                signature.initVerify(
                        KeyText.of(DouyinWire.OWN_OPEN_KEY).publicKey().orElseThrow());
                signature.update(text.getBytes(StandardCharsets.UTF_8));
                assertThat(signature.verify(Base64.getDecoder().decode(found.group(3))))
                        .isTrue();
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return found.group(1);
        }

        @Test
        void that_is_handed_out_again_is_the_same_order_signed_anew() {
            var account = account();
            var first = provider.create(account, request("{}")).prompt();
            var kept = PaymentPrompt.of(first.stored());
            var later = ProviderWire.NOW.plusSeconds(90);
            var then = DouyinWire.provider(Clock.fixed(later, ZoneOffset.UTC), DouyinWire.tokens());

            var again = then.refresh(account, DouyinProvider.MINI_PROGRAM, kept, Optional.empty());

            assertThat(again.orderInfo().asJsonObject().getString("data"))
                    .isEqualTo(first.orderInfo().asJsonObject().getString("data"));
            assertThat(assertSigned(again, later)).isNotEqualTo(assertSigned(first, ProviderWire.NOW));
            assertThat(PaymentPrompt.of(again.stored())).isEqualTo(again);
        }

        @Test
        void has_what_the_call_adds_over_what_the_account_has() {
            var data = data(
                    wire.node(),
                    "{\"skuList\":[{\"skuId\":\"2\",\"price\":330,\"quantity\":3,\"title\":\"茶\"}],"
                            + "\"orderEntrySchema\":{\"params\":{\"id\":7}},\"limitPayWayList\":[1]}");

            var sku = data.getJsonArray("skuList").getJsonObject(0);
            assertThat(sku.getString("skuId")).isEqualTo("2");
            assertThat(sku.getInt("price")).isEqualTo(330);
            assertThat(sku.getInt("quantity")).isEqualTo(3);
            assertThat(sku.getString("title")).isEqualTo("茶");
            assertThat(sku.getInt("type")).isEqualTo(401);
            assertThat(data.getJsonObject("orderEntrySchema").toString())
                    .isEqualTo("{\"path\":\"pages/order\",\"params\":\"{\\\"id\\\":7}\"}");
            assertThat(data.getJsonArray("limitPayWayList").toString()).isEqualTo("[1]");
        }

        @Test
        void whose_quantity_divides_the_amount_needs_no_price() {
            var sku = data(wire.node(), "{\"skuList\":[{\"quantity\":9}]}")
                    .getJsonArray("skuList")
                    .getJsonObject(0);

            assertThat(sku.getInt("price")).isEqualTo(110);
        }

        @Test
        void has_a_title_of_256_bytes_at_most() {
            var sku = data(wire.node(), "{\"skuList\":[{\"title\":\"" + "茶".repeat(90) + "\"}]}")
                    .getJsonArray("skuList")
                    .getJsonObject(0);

            assertThat(sku.getString("title")).isEqualTo("茶".repeat(85));
        }

        @ParameterizedTest
        @CsvSource({"600, 600", "172800, 172800", "172801, 172800", "-1, 1"})
        void ends_with_the_attempt_within_two_days(long seconds, long sent) {
            var request = new PaymentRequest(
                    attempt(),
                    Money.fen(1),
                    "茶",
                    ProviderWire.NOW.plusSeconds(seconds),
                    NOTIFY,
                    new Payer("", "", Payer.Screen.APP),
                    Optional.empty(),
                    JsonObject.EMPTY_JSON_OBJECT);
            var prompt = provider.create(account(), request).prompt();

            assertThat(DouyinWire.json(prompt.orderInfo().asJsonObject().getString("data"))
                            .getJsonNumber("payExpireSeconds")
                            .longValueExact())
                    .isEqualTo(sent);
        }

        @Test
        void whose_goods_cost_something_else_is_never_signed() {
            var failure =
                    failure(() -> provider.create(account(), request("{\"skuList\":[{\"price\":1,\"quantity\":2}]}")));

            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("skuList");
        }
    }

    @Nested
    class A_call {
        private void check(JsonObject node, String other) {
            provider.checkInput(
                    account(node),
                    new CallerInput(
                            DouyinProvider.MINI_PROGRAM,
                            new Payer("", "", Payer.Screen.APP),
                            SubMerchant.NONE,
                            Optional.empty(),
                            Optional.empty(),
                            DouyinWire.json(other),
                            Money.fen(990)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "outOrderNo",
                    "totalAmount",
                    "payExpireSeconds",
                    "payNotifyUrl",
                    "currency",
                    "merchantUid",
                    "out_order_no",
                    "total_amount",
                    "pay_notify_url"
                })
        void with_what_the_order_or_the_account_determines_is_refused(String name) {
            assertThatThrownBy(() -> check(wire.node(), "{\"" + name + "\":\"1\"}"))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.OTHER_RESERVED))
                    .hasMessageContaining("other." + name + " ");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '\u0001',
                value = {
                    "{\"skuList\":{}}; other.skuList",
                    "{\"skuList\":[]}; other.skuList",
                    "{\"skuList\":[{},{}]}; other.skuList",
                    "{\"skuList\":[1]}; other.skuList",
                    "{\"skuList\":[{\"price\":989}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"price\":0}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"price\":9.9}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"price\":\"990\"}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"price\":990,\"quantity\":2}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"price\":9223372036854775807,\"quantity\":2}]}; other.skuList[0].price",
                    "{\"skuList\":[{\"quantity\":0}]}; other.skuList[0].quantity",
                    "{\"skuList\":[{\"quantity\":101}]}; other.skuList[0].quantity",
                    "{\"skuList\":[{\"quantity\":7}]}; other.skuList[0].quantity",
                    "{\"skuList\":[{\"quantity\":1.5}]}; other.skuList[0].quantity",
                    "{\"skuList\":[{\"title\":1}]}; other.skuList[0].title",
                    "{\"skuList\":[{\"skuId\":1}]}; other.skuList[0].skuId",
                    "{\"skuList\":[{\"type\":\"401\"}]}; other.skuList[0].type",
                    "{\"skuList\":[{\"tagGroupId\":1}]}; other.skuList[0].tagGroupId",
                    "{\"skuList\":[{\"imageList\":[]}]}; other.skuList[0].imageList",
                    "{\"skuList\":[{\"imageList\":[1]}]}; other.skuList[0].imageList",
                    "{\"orderEntrySchema\":{\"path\":1}}; other.orderEntrySchema",
                    "{\"skuList\":[{\"skuAttr\":null}]}; other.skuList[0].skuAttr",
                    "{\"orderEntrySchema\":\"pages/order\"}; other.orderEntrySchema",
                    "{\"payScene\":null}; other.payScene"
                })
        void with_goods_that_cannot_be_is_refused_by_name(String other, String name) {
            assertThatThrownBy(() -> check(wire.node(), other))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageContaining(name);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"skuList\":[{}]}",
                    "{\"skuList\":[{\"price\":990}]}",
                    "{\"skuList\":[{\"price\":495,\"quantity\":2}]}",
                    "{\"skuList\":[{\"quantity\":10}]}",
                    "{\"orderEntrySchema\":{\"path\":\"pages/x\",\"params\":\"{}\"}}"
                })
        void with_goods_that_add_up_is_taken(String other) {
            check(wire.node(), other);

            var prompt = provider.create(account(), request(other)).prompt();
            assertThat(TradeOrder.addsUp(
                            DouyinWire.json(prompt.orderInfo().asJsonObject().getString("data"))))
                    .isTrue();
        }

        @Test
        void without_any_goods_is_refused_unless_the_account_has_them() {
            var node = DouyinWire.node(Dialect.TRADE).remove("requestOrder").build();

            assertThatThrownBy(() -> check(node, "{}"))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageContaining("other.skuList")
                    .hasMessageContaining("requestOrder.skuList");
            var whole = DouyinWire.requestOrder().build();
            check(node, whole.toString());
            for (var name : List.of("skuId", "imageList", "type", "tagGroupId")) {
                var sku = Json.createObjectBuilder(whole.getJsonArray("skuList").getJsonObject(0))
                        .remove(name);
                var other = Json.createObjectBuilder(whole)
                        .add("skuList", Json.createArrayBuilder().add(sku))
                        .build();
                assertThatThrownBy(() -> check(node, other.toString()))
                        .isInstanceOfSatisfying(
                                Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                        .hasMessageContaining("other.skuList[0]." + name)
                        .hasMessageContaining("requestOrder.skuList[0]." + name);
            }
            var without =
                    Json.createObjectBuilder(whole).remove("orderEntrySchema").build();
            assertThatThrownBy(() -> check(node, without.toString())).hasMessageContaining("other.orderEntrySchema");
        }
    }

    @Nested
    class The_access_token {
        /** Fetches each time, and notes what was fetched. */
        private final List<AccessTokens.Fetched> fetched = new ArrayList<>();

        private final AccessTokens fetching = new AccessTokens() {
            @Override
            public String of(AccountSettings account, Supplier<Fetched> fetch) {
                fetched.add(fetch.get());
                return fetched.get(fetched.size() - 1).value();
            }

            @Override
            public String insteadOf(String refused, AccountSettings account, Supplier<Fetched> fetch) {
                return of(account, fetch);
            }
        };

        private final DouyinProvider provider = DouyinWire.provider(ProviderWire.CLOCK, fetching);

        @Test
        void is_fetched_with_the_applications_secret() {
            answers(Map.of(
                    "client_token",
                    r ->
                            "{\"data\":{\"access_token\":\"clt.1\",\"expires_in\":7200,\"error_code\":0},\"message\":\"success\"}",
                    "order_query",
                    r -> "{\"err_no\":0,\"data\":"
                            + DouyinWire.order("PROCESS", NUMBER).build() + "}"));

            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Unpaid.class);

            assertThat(fetched).containsExactly(new AccessTokens.Fetched("clt.1", Duration.ofHours(2)));
            assertThat(server.requests())
                    .extracting(Request::path)
                    .containsExactly("/oauth/client_token/", "/api/trade_basic/v1/developer/order_query/");
            assertThat(DouyinWire.json(server.requests().get(0).body()).toString())
                    .isEqualTo("{\"grant_type\":\"client_credential\",\"client_key\":\"" + DouyinWire.APP_ID
                            + "\",\"client_secret\":\"" + DouyinWire.SECRET + "\"}");
            assertThat(server.requests().get(1).headers()).containsEntry("access-token", "clt.1");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '\u0001',
                value = {
                    "{\"data\":{\"error_code\":10013,\"description\":\"client key\"}}; UNREACHABLE; 10013",
                    "{\"data\":{\"access_token\":\"\",\"expires_in\":7200}}; UNREACHABLE; ",
                    "{\"data\":{\"access_token\":\"clt.1\"}}; UNREACHABLE; ",
                    "{}; UNREACHABLE; "
                })
        void that_is_not_given_means_that_nothing_was_sent(String answer, Kind kind, String code) {
            answers(Map.of("client_token", r -> answer));

            var failure = failure(() -> provider.query(account(), attempt()));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.providerCode()).isEqualTo(code == null ? "" : code);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void that_gets_no_answer_means_that_nothing_was_sent() {
            server.answers(Answer.page(502));

            assertThat(failure(() -> provider.query(account(), attempt())).kind())
                    .isEqualTo(Kind.UNREACHABLE);
        }

        @ParameterizedTest
        @ValueSource(ints = {2190002, 2190008, 11002})
        void that_is_refused_is_fetched_again_once(int code) {
            var refused = new String[] {"clt.1"};
            answers(Map.of(
                    "client_token",
                    r -> "{\"data\":{\"access_token\":\"clt." + (fetched.size() + 1) + "\",\"expires_in\":7200}}",
                    "order_query",
                    r -> r.headers().get("access-token").equals(refused[0])
                            ? "{\"err_no\":" + code + ",\"err_msg\":\"token\"}"
                            : "{\"err_no\":0,\"data\":"
                                    + DouyinWire.order("SUCCESS", NUMBER).build() + "}"));

            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Paid.class);
            assertThat(server.requests()).hasSize(4);

            fetched.clear();
            server.requests().clear();
            answers(Map.of(
                    "client_token",
                    r -> "{\"data\":{\"access_token\":\"clt.9\",\"expires_in\":7200}}",
                    "order_query",
                    r -> "{\"err_no\":" + code + ",\"err_msg\":\"token\"}"));
            assertThat(failure(() -> provider.query(account(), attempt())).providerCode())
                    .isEqualTo(String.valueOf(code));
            assertThat(server.requests()).hasSize(4);
        }

        @Test
        void and_the_secret_are_neither_logged_nor_thrown() {
            var log = new LogCapture();
            try {
                answers(Map.of(
                        "client_token",
                        r -> "{\"data\":{\"access_token\":\"clt.secret\",\"expires_in\":7200}}",
                        "order_query",
                        r -> "{\"err_no\":2100007,\"err_msg\":\"no permission\"}"));
                var refused = catchThrowable(() -> provider.query(account(), attempt()));
                server.answers(Answer.hangUp());
                var broken = catchThrowable(() -> provider.query(account(), attempt()));

                assertThat(log + LogCapture.stackTrace(refused) + LogCapture.stackTrace(broken) + fetched)
                        .doesNotContain("clt.secret", DouyinWire.SECRET);
            } finally {
                log.close();
            }
        }
    }

    @Nested
    class A_query {
        @Test
        void is_by_our_number() {
            server.answers(wire::success);

            var report = provider.query(account(), attempt());

            assertThat(sent("order_query").toString()).isEqualTo("{\"out_order_no\":\"" + NUMBER + "\"}");
            assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
                assertThat(paid.transactionId()).isEqualTo(DouyinWire.THEIRS);
                assertThat(paid.details().payMethod()).isEqualTo("douyin");
                assertThat(paid.amount()).isEqualTo(Money.fen(990));
            });
        }

        @Test
        void that_is_refused_keeps_the_finer_code() {
            for (var place : List.of(
                    "\"sub_err_no\":20001",
                    "\"sub_code\":\"20001\"",
                    "\"extra\":{\"sub_error_code\":20001}",
                    "\"data\":{\"error_code\":20001}",
                    "\"err_msg\":\"20001: state\"",
                    "\"err_msg\":\"[20001] state\"")) {
                server.answers(json("{\"err_no\":2191003," + place + "}"));

                var failure = failure(() -> provider.query(account(), attempt()));

                assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
                assertThat(failure.providerCode()).as(place).isEqualTo("20001");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"err_no\":20000,\"err_msg\":\"x\"}",
                    "{\"err_no\":2191002,\"err_msg\":\"x\",\"sub_err_no\":20000}"
                })
        void of_an_order_that_was_never_requested_is_absent(String answer) {
            server.answers(json(answer));

            assertThat(provider.query(account(), attempt())).isInstanceOf(ProviderReport.Absent.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"err_no\":2100004,\"err_msg\":\"busy\"}",
                    "{\"err_no\":2191000,\"err_msg\":\"internal\"}",
                    "{\"err_no\":2191002,\"sub_err_no\":13000}",
                    "{\"err_msg\":\"x\"}",
                    "{\"err_no\":0}",
                    "{\"err_no\":0,\"data\":{\"pay_status\":\"SUCCESS\"}}",
                    "[]"
                })
        void without_a_usable_answer_has_none(String answer) {
            server.answers(json(answer));

            assertThat(failure(() -> provider.query(account(), attempt())).kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void names_another_merchant_if_the_orders_of_the_account_name_one() {
            var named = DouyinWire.node(Dialect.TRADE)
                    .add("requestOrder", DouyinWire.requestOrder().add("merchantUid", "71"))
                    .build();
            for (var merchant : List.of("71", "72")) {
                server.answers(json("{\"err_no\":0,\"data\":"
                        + DouyinWire.order("SUCCESS", NUMBER)
                                .add("merchant_uid", merchant)
                                .build() + "}"));

                var paid = (ProviderReport.Paid) provider.query(account(named), attempt());
                var free = (ProviderReport.Paid) provider.query(account(), attempt());

                assertThat(paid.merchantNo()).isEqualTo(merchant.equals("71") ? DouyinWire.APP_ID : merchant);
                assertThat(free.merchantNo()).isEqualTo(DouyinWire.APP_ID);
            }
        }

        @Test
        void compares_with_the_merchant_that_the_order_named_and_not_with_that_of_the_node_now() {
            var before = account(DouyinWire.node(Dialect.TRADE)
                    .add("requestOrder", DouyinWire.requestOrder().add("merchantUid", "71"))
                    .build());
            var now = account(DouyinWire.node(Dialect.TRADE)
                    .add("requestOrder", DouyinWire.requestOrder().add("merchantUid", "72"))
                    .build());
            var made = provider.environment(before);
            assertThat(made).isEqualTo("trade 71").isNotEqualTo(provider.environment(now));
            var attempt = new AttemptRef(DouyinProvider.MINI_PROGRAM, NUMBER, SubMerchant.NONE, "", "", made);
            for (var merchant : List.of("71", "72")) {
                server.answers(json("{\"err_no\":0,\"data\":"
                        + DouyinWire.order("SUCCESS", NUMBER)
                                .add("merchant_uid", merchant)
                                .build() + "}"));
                for (var node : List.of(before, now, account())) {
                    var paid = (ProviderReport.Paid) provider.query(node, attempt);
                    assertThat(paid.merchantNo()).isEqualTo(merchant.equals("71") ? DouyinWire.APP_ID : "72");
                }
            }
        }
    }

    @Nested
    class Refunds {
        private RefundRequest refund(long fen) {
            return new RefundRequest(
                    attempt(), DouyinWire.THEIRS, NUMBER + "-1", "", Money.fen(fen), Money.fen(990), "缺货", NOTIFY);
        }

        private String order(long... items) {
            var list = Json.createArrayBuilder();
            for (int i = 0; i < items.length; i++) {
                list.add(Json.createObjectBuilder()
                        .add("item_order_id", "item" + i)
                        .add("sku_id", "1")
                        .add("item_order_amount", items[i]));
            }
            return "{\"err_no\":0,\"data\":"
                    + DouyinWire.order("SUCCESS", NUMBER)
                            .add("item_order_list", list)
                            .build() + "}";
        }

        private static String none() {
            return "{\"err_no\":0,\"data\":{\"refund_list\":[]}}";
        }

        private static final String CREATED =
                "{\"err_no\":0,\"data\":{\"refund_id\":\"ot7\",\"refund_audit_deadline\":1767500000000}}";

        @Test
        void name_the_item_of_the_order() {
            answers(Map.of("order_query", r -> order(990), "refund_create", r -> CREATED));

            var report = provider.refund(account(), refund(100));

            assertThat(sent("refund_create").toString())
                    .isEqualTo("{\"order_id\":\"" + DouyinWire.THEIRS + "\",\"out_refund_no\":\"" + NUMBER
                            + "-1\",\"notify_url\":\"" + NOTIFY + "\","
                            + "\"refund_reason\":[{\"code\":999,\"text\":\"缺货\"}],\"cp_extra\":\"attempt=" + NUMBER
                            + "\",\"refund_total_amount\":100,"
                            + "\"item_order_detail\":[{\"item_order_id\":\"item0\",\"refund_amount\":100}],"
                            + "\"order_entry_schema\":{\"path\":\"pages/order\",\"params\":\"{}\"}}");
            assertThat(report).isInstanceOfSatisfying(RefundReport.Processing.class, processing -> {
                assertThat(processing.refundNo()).isEqualTo(NUMBER + "-1");
                assertThat(processing.refundId()).isEqualTo("ot7");
            });
        }

        @ParameterizedTest
        @CsvSource({"100, '0:100'", "330, '0:330'", "331, '0:330 1:1'", "990, '0:330 1:330 2:330'"})
        void are_spread_over_the_items_exactly(long fen, String spread) {
            answers(Map.of(
                    "order_query",
                    r -> order(330, 330, 330),
                    "refund_query",
                    r -> none(),
                    "refund_create",
                    r -> CREATED));

            provider.refund(account(), refund(fen));

            assertThat(spread()).isEqualTo(spread);
        }

        private String spread() {
            return sent("refund_create").getJsonArray("item_order_detail").stream()
                    .map(v -> v.asJsonObject())
                    .map(o -> o.getString("item_order_id").substring(4) + ":" + o.getInt("refund_amount"))
                    .reduce((a, b) -> a + " " + b)
                    .orElse("");
        }

        @Test
        void take_what_earlier_ones_have_left() {
            answers(Map.of(
                    "order_query",
                    r -> order(330, 330, 330),
                    "refund_query",
                    r -> "{\"err_no\":0,\"data\":{\"refund_list\":["
                            + "{\"out_refund_no\":\"a\",\"refund_status\":\"SUCCESS\",\"item_order_detail\":["
                            + "{\"item_order_id\":\"item0\",\"refund_amount\":330},{\"item_order_id\":\"item1\",\"refund_amount\":30}]},"
                            + "{\"out_refund_no\":\"b\",\"refund_status\":\"FAIL\",\"item_order_detail\":["
                            + "{\"item_order_id\":\"item2\",\"refund_amount\":330}]}]}}",
                    "refund_create",
                    r -> CREATED));

            provider.refund(account(), refund(400));

            assertThat(spread()).isEqualTo("1:300 2:100");
            var tooMuch = failure(() -> provider.refund(account(), refund(631)));
            assertThat(tooMuch.kind()).isEqualTo(Kind.DECLINED);
            assertThat(tooMuch.providerCode()).isEqualTo("refund_total_amount");
        }

        @Test
        void of_everything_need_no_items() {
            answers(Map.of("order_query", r -> order(), "refund_create", r -> CREATED));

            provider.refund(account(), refund(990));

            assertThat(sent("refund_create").getBoolean("refund_all")).isTrue();
            assertThat(sent("refund_create")).doesNotContainKeys("item_order_detail", "refund_total_amount");
            assertThat(failure(() -> provider.refund(account(), refund(100))).kind())
                    .isEqualTo(Kind.UNREACHABLE);
        }

        @Test
        void without_an_answer_to_the_query_before_them_were_not_sent() {
            server.answers(Answer.page(502));

            assertThat(failure(() -> provider.refund(account(), refund(100))).kind())
                    .isEqualTo(Kind.UNREACHABLE);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void that_were_requested_before_are_what_they_are() {
            answers(
                    Map.of(
                            "order_query",
                            r -> order(990),
                            "refund_create",
                            r -> "{\"err_no\":2191005,\"err_msg\":\"重复\"}",
                            "refund_query",
                            r -> "{\"err_no\":0,\"data\":{\"refund_list\":[{\"refund_id\":\"ot7\",\"out_refund_no\":\""
                                    + NUMBER
                                    + "-1\",\"refund_status\":\"SUCCESS\",\"refund_total_amount\":100,\"refund_at\":1767240100000}]}}"));

            assertThat(provider.refund(account(), refund(100)))
                    .isInstanceOfSatisfying(RefundReport.Succeeded.class, succeeded -> {
                        assertThat(succeeded.refundId()).isEqualTo("ot7");
                        assertThat(succeeded.amount()).isEqualTo(Money.fen(100));
                        assertThat(succeeded.at()).isEqualTo(Instant.ofEpochSecond(1767240100));
                    });
        }

        @Test
        void that_are_refused_stay_refused_if_Douyin_has_none() {
            answers(Map.of(
                    "order_query",
                    r -> order(990),
                    "refund_create",
                    r -> "{\"err_no\":2191005,\"err_msg\":\"可退金额不足\"}",
                    "refund_query",
                    r -> none()));

            assertThat(failure(() -> provider.refund(account(), refund(100))).providerCode())
                    .isEqualTo("2191005");
        }

        @ParameterizedTest
        @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "FAIL, Closed"})
        void are_queried_by_our_number(String status, String report) {
            answers(Map.of(
                    "refund_query",
                    r -> "{\"err_no\":0,\"data\":{\"refund_list\":[{\"refund_id\":\"ot7\",\"out_refund_no\":\"" + NUMBER
                            + "-1\",\"refund_status\":\"" + status + "\",\"refund_total_amount\":100}]}}"));

            var found = provider.queryRefund(account(), refund(100));

            assertThat(found.getClass().getSimpleName()).isEqualTo(report);
            assertThat(sent("refund_query").toString()).isEqualTo("{\"out_refund_no\":\"" + NUMBER + "-1\"}");
        }

        @Test
        void that_payers_requested_are_queried_by_Douyins_number() {
            var request = new RefundRequest(
                    attempt(), DouyinWire.THEIRS, "ot7", "ot7", Money.fen(100), Money.fen(990), "", NOTIFY);
            answers(Map.of(
                    "refund_query",
                    r -> r.body().contains("\"refund_id\":\"ot7\"")
                            ? "{\"err_no\":0,\"data\":{\"refund_list\":[{\"refund_id\":\"ot7\",\"out_refund_no\":\"\","
                                    + "\"refund_status\":\"SUCCESS\",\"refund_total_amount\":100}]}}"
                            : none()));

            assertThat(provider.queryRefund(account(), request))
                    .isInstanceOfSatisfying(
                            RefundReport.Succeeded.class,
                            succeeded -> assertThat(succeeded.refundNo()).isEqualTo("ot7"));
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void that_Douyin_does_not_know_are_absent() {
            answers(Map.of("refund_query", r -> none()));
            assertThat(provider.queryRefund(account(), refund(100))).isInstanceOf(RefundReport.Absent.class);

            answers(Map.of("refund_query", r -> "{\"err_no\":2191005,\"sub_err_no\":20000}"));
            assertThat(provider.queryRefund(account(), refund(100))).isInstanceOf(RefundReport.Absent.class);
        }

        @Test
        void are_not_absent_because_of_words() {
            answers(Map.of("refund_query", r -> "{\"err_no\":2191005,\"err_msg\":\"该退款单对应的门店不存在\"}"));
            assertThat(failure(() -> provider.queryRefund(account(), refund(100)))
                            .providerCode())
                    .isEqualTo("2191005");
        }
    }

    @Nested
    class A_refund_that_a_payer_requests {
        @Test
        void is_accepted_or_refused_with_a_reason() {
            answers(Map.of("refund_audit_callback", r -> "{\"err_no\":0}"));

            provider.decide(account(), attempt(), "ot7", true, "不用");
            assertThat(sent("refund_audit_callback").toString())
                    .isEqualTo("{\"refund_id\":\"ot7\",\"refund_audit_status\":1}");
            provider.decide(account(), attempt(), "ot7", false, "已发货");
            assertThat(sent("refund_audit_callback").toString())
                    .isEqualTo("{\"refund_id\":\"ot7\",\"refund_audit_status\":2,\"deny_message\":\"已发货\"}");
            assertThat(provider.longestReason()).isEqualTo(100);
        }

        @ParameterizedTest
        @CsvSource({
            "AGREE, true, true",
            "DENY, false, true",
            "AGREE, false, false",
            "DENY, true, false",
            "TOAUDIT, true, false"
        })
        void that_was_decided_before_is_decided_if_in_the_same_way(String audit, boolean accepted, boolean done) {
            answers(Map.of(
                    "refund_audit_callback",
                    r -> "{\"err_no\":2191005,\"sub_err_no\":20001,\"err_msg\":\"state\"}",
                    "refund_query",
                    r ->
                            "{\"err_no\":0,\"data\":{\"refund_list\":[{\"refund_id\":\"ot7\",\"refund_status\":\"PROCESSING\","
                                    + "\"merchant_audit_detail\":{\"audit_status\":\"" + audit + "\"}}]}}"));

            var thrown = catchThrowable(() -> provider.decide(account(), attempt(), "ot7", accepted, "已发货"));

            if (done) assertThat(thrown).isNull();
            else assertThat(((ProviderFailure) thrown).providerCode()).isEqualTo("20001");
        }

        @ParameterizedTest
        @CsvSource({
            "TOAUDIT, 1, ToBeDecided",
            "INIT, 1, ToBeDecided",
            "AGREE, 1, Processing",
            "TOAUDIT, 2, Processing",
            "'', 1, Processing"
        })
        void is_to_be_decided_before_it_is_under_way(String audit, int needed, String report) {
            answers(Map.of(
                    "refund_query",
                    r ->
                            "{\"err_no\":0,\"data\":{\"refund_list\":[{\"refund_id\":\"ot7\",\"refund_status\":\"PROCESSING\","
                                    + "\"merchant_audit_detail\":{\"audit_status\":\"" + audit
                                    + "\",\"need_refund_audit\":" + needed + "}}]}}"));
            var request = new RefundRequest(attempt(), "", "ot7", "ot7", Money.fen(100), Money.fen(990), "", NOTIFY);

            assertThat(provider.queryRefund(account(), request).getClass().getSimpleName())
                    .isEqualTo(report);
        }

        @ParameterizedTest
        @CsvSource({"'', '', ''", "'', attempt=A1, A1", "A2, attempt=A1, A2"})
        void names_its_payment_by_one_of_its_numbers(String outOrderNo, String extra, String attemptNo) {
            var msg = Json.createObjectBuilder()
                    .add("order_id", DouyinWire.THEIRS)
                    .add("out_order_no", outOrderNo)
                    .add("cp_extra", extra)
                    .add("refund_id", "ot7")
                    .add("refund_total_amount", 100)
                    .build()
                    .toString();

            var read = provider.read(account(), wire.message("pre_create_refund", msg, 1767240010));

            assertThat(read.content()).isInstanceOfSatisfying(ParsedNotification.RefundRequested.class, wish -> {
                assertThat(wish.of()).isEqualTo(new ParsedNotification.PaymentNumbers(attemptNo, DouyinWire.THEIRS));
                assertThat(wish.until()).isNull();
            });
        }

        @Test
        void arrives_with_its_deadline() {
            var msg = Json.createObjectBuilder()
                    .add("app_id", DouyinWire.APP_ID)
                    .add("order_id", DouyinWire.THEIRS)
                    .add("out_order_no", NUMBER)
                    .add("refund_id", "ot7")
                    .add("refund_total_amount", 100)
                    .add(
                            "refund_reason",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add("code", 101)
                                            .add("text", "不想要了"))
                                    .add(Json.createObjectBuilder()
                                            .add("code", 999)
                                            .add("text", "其他")))
                    .add("refund_audit_deadline", 1767500000000L)
                    .build()
                    .toString();

            var read = provider.read(account(), wire.message("pre_create_refund", msg, 1767240010));

            assertThat(read.content())
                    .isEqualTo(new ParsedNotification.RefundRequested(
                            new ParsedNotification.PaymentNumbers(NUMBER, DouyinWire.THEIRS),
                            "ot7",
                            Money.fen(100),
                            "不想要了；其他",
                            Instant.ofEpochSecond(1767500000),
                            msg));
        }
    }

    @Nested
    class Settlements {
        private final SettlementRequest request =
                new SettlementRequest(attempt(), DouyinWire.THEIRS, SETTLEMENT, Money.fen(890), NOTIFY);

        @Test
        void are_requested_whole_and_without_other_parties() {
            answers(Map.of("settle_create", r -> "{\"err_no\":0,\"data\":{\"settle_id\":\"S1\"}}"));

            var report = provider.settle(account(), request);

            assertThat(sent("settle_create").toString())
                    .isEqualTo("{\"out_settle_no\":\"" + SETTLEMENT + "\",\"out_order_no\":\"" + NUMBER
                            + "\",\"settle_desc\":\"结算\",\"notify_url\":\"" + NOTIFY + "\"}");
            assertThat(report)
                    .isInstanceOfSatisfying(
                            SettlementReport.Processing.class,
                            processing -> assertThat(processing.settlementId()).isEqualTo("S1"));
        }

        @ParameterizedTest
        @CsvSource({
            "SUCCESS, Succeeded, true",
            "SUCCESS, Succeeded, false",
            "PROCESSING, Processing, true",
            "INIT, Processing, false",
            "FAIL, Failed, false"
        })
        void are_queried(String status, String report, boolean bare) {
            var list = "[{\"settle_id\":\"S1\",\"out_settle_no\":\"" + SETTLEMENT + "\",\"settle_status\":\"" + status
                    + "\",\"settle_amount\":890,\"" + (bare ? "settle_at" : "settled_at") + "\":1767240100000}]";
            answers(Map.of(
                    "settle_query",
                    r -> "{\"err_no\":0,\"data\":" + (bare ? list : "{\"settle_list\":" + list + "}") + "}"));

            var found = provider.querySettlement(account(), request);

            assertThat(found.getClass().getSimpleName()).isEqualTo(report);
            if (found instanceof SettlementReport.Succeeded succeeded) {
                assertThat(succeeded.amount()).isEqualTo(Money.fen(890));
                assertThat(succeeded.at()).isEqualTo(Instant.ofEpochSecond(1767240100));
            }
        }

        @Test
        void that_Douyin_does_not_know_are_absent_and_a_refusal_stands() {
            answers(Map.of(
                    "settle_create",
                    r -> "{\"err_no\":2191009,\"err_msg\":\"too early\"}",
                    "settle_query",
                    r -> "{\"err_no\":0,\"data\":[]}"));

            assertThat(provider.querySettlement(account(), request)).isInstanceOf(SettlementReport.Absent.class);
            assertThat(failure(() -> provider.settle(account(), request)).providerCode())
                    .isEqualTo("2191009");
        }

        @Test
        void are_reported_by_callbacks() {
            var msg = "{\"app_id\":\"" + DouyinWire.APP_ID + "\",\"status\":\"SUCCESS\",\"out_order_no\":\"" + NUMBER
                    + "\",\"out_settle_no\":\"" + SETTLEMENT + "\",\"settle_id\":\"S1\",\"settle_amount\":890,"
                    + "\"event_time\":1767240100000}";

            var read = provider.read(account(), wire.message("settle", msg, 1767240110));

            assertThat(read.content())
                    .isEqualTo(new ParsedNotification.Settlement(
                            NUMBER,
                            "",
                            new SettlementReport.Succeeded(
                                    SETTLEMENT, "S1", Money.fen(890), Instant.ofEpochSecond(1767240100), msg)));
        }

        @Test
        void that_Douyin_made_by_itself_are_found_by_the_payment() {
            var theirs = "{\"settle_id\":\"S7\",\"out_settle_no\":\"\",\"out_order_no\":\"" + NUMBER
                    + "\",\"settle_status\":\"SUCCESS\",\"settle_amount\":880,\"rake\":6,\"commission\":4}";
            var ours = theirs.replace("\"\",", "\"" + SETTLEMENT + "\",").replace("S7", "S8");
            var going = theirs.replace("SUCCESS", "PROCESSING").replace("S7", "S9");
            answers(Map.of("settle_query", r -> "{\"err_no\":0,\"data\":[" + theirs + "," + ours + "," + going + "]}"));

            var found = provider.settledWithoutUs(account(), request);

            assertThat(sent("settle_query").toString()).isEqualTo("{\"out_order_no\":\"" + NUMBER + "\"}");
            assertThat(found).singleElement().satisfies(made -> {
                assertThat(made.settlementId()).isEqualTo("S7");
                assertThat(made.amount()).isEqualTo(Money.fen(880));
                assertThat(made.fees()).isEqualTo(10);
            });
            answers(Map.of("settle_query", r -> "{\"err_no\":2191009,\"err_msg\":\"20000 no order\"}"));
            assertThat(provider.settledWithoutUs(account(), request)).isEmpty();
        }

        @Test
        void that_have_only_Douyins_number_of_the_payment_are_found_by_that() {
            var msg = "{\"app_id\":\"" + DouyinWire.APP_ID + "\",\"status\":\"SUCCESS\",\"settle_id\":\"S1\","
                    + "\"order_id\":\"ot1\"}";

            assertThat(provider.read(account(), wire.message("settle", msg, 1)).content())
                    .isInstanceOfSatisfying(ParsedNotification.Settlement.class, settlement -> {
                        assertThat(settlement.attemptNo()).isEmpty();
                        assertThat(settlement.transactionId()).isEqualTo("ot1");
                    });
        }

        @Test
        void that_name_no_payment_are_only_kept() {
            var msg = "{\"app_id\":\"" + DouyinWire.APP_ID + "\",\"status\":\"SUCCESS\",\"settle_id\":\"S1\"}";

            assertThat(provider.read(account(), wire.message("settle", msg, 1)).content())
                    .isInstanceOf(ParsedNotification.Other.class);
        }
    }

    @Nested
    class Callbacks {
        private ParsedNotification read(String type, String msg) {
            return provider.read(account(), wire.message(type, msg, 1767240010));
        }

        @Test
        void of_the_vector_are_payments() {
            var body = "{\"msg\":\"{\\\"app_id\\\":\\\"tt0000000000000001\\\","
                    + "\\\"out_order_no\\\":\\\"T202601010001\\\",\\\"order_id\\\":\\\"ot0000000000000000001\\\","
                    + "\\\"status\\\":\\\"SUCCESS\\\",\\\"total_amount\\\":1,\\\"pay_channel\\\":2,"
                    + "\\\"event_time\\\":1767240009000}\",\"type\":\"payment\",\"version\":\"3.0\"}";
            var headers = Map.of(
                    "byte-timestamp", "1767240010",
                    "byte-nonce-str", "0123456789abcdef0123456789abcdef",
                    "byte-signature", DouyinSignatureTest.The_trade_system.BODY_SIGNATURE);
            var raw = new io.cashdesk.provider.RawNotification(
                    "POST", "", headers, body.getBytes(StandardCharsets.UTF_8));
            var node = DouyinWire.node(Dialect.TRADE)
                    .add("appId", "tt0000000000000001")
                    .build();

            assertThat(provider.read(account(node), raw).report())
                    .get()
                    .isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
                        assertThat(paid.attemptNo()).isEqualTo("T202601010001");
                        assertThat(paid.transactionId()).isEqualTo("ot0000000000000000001");
                        assertThat(paid.appId()).isEqualTo("tt0000000000000001");
                        assertThat(paid.amount()).isEqualTo(Money.fen(1));
                        assertThat(paid.paidAt()).isEqualTo(Instant.ofEpochSecond(1767240009));
                        assertThat(paid.details().payMethod()).isEqualTo("alipay");
                    });
        }

        @Test
        void of_a_payment_to_another_merchant_than_the_node_names_now_are_queried() {
            var node = DouyinWire.node(Dialect.TRADE)
                    .add("requestOrder", DouyinWire.requestOrder().add("merchantUid", "72"))
                    .build();
            var msg = wire.payment(NUMBER).add("merchant_uid", "71").build().toString();

            assertThat(provider.read(account(node), wire.message("payment", msg, 1))
                            .content())
                    .isEqualTo(new ParsedNotification.Hint(NUMBER, DouyinWire.THEIRS, "", true));
            var same = msg.replace("\"71\"", "\"72\"");
            assertThat(provider.read(account(node), wire.message("payment", same, 1))
                            .report())
                    .isPresent();
        }

        @ParameterizedTest
        @ValueSource(strings = {"USER_CANCEL", "TIME_OUT"})
        void of_a_cancelled_order_close_it(String message) {
            var msg = wire.payment(NUMBER)
                    .add("status", "CANCEL")
                    .add("message", message)
                    .build()
                    .toString();

            assertThat(read("payment", msg).report())
                    .get()
                    .isInstanceOfSatisfying(
                            ProviderReport.Closed.class,
                            closed -> assertThat(closed.attemptNo()).isEqualTo(NUMBER));
        }

        @Test
        void of_a_refund_that_was_requested_here_say_of_which_payment() {
            var read = provider.read(account(), wire.refunded());

            assertThat(read.refund()).hasValueSatisfying(refund -> {
                assertThat(refund.of().attemptNo()).isEqualTo(NUMBER);
                assertThat(refund.report())
                        .isInstanceOfSatisfying(
                                RefundReport.Succeeded.class,
                                succeeded -> assertThat(succeeded.refundNo()).isEqualTo(NUMBER + "-1"));
            });
            assertThat(read("refund", wire.refund("FAIL").build().toString())
                            .refund()
                            .orElseThrow()
                            .report())
                    .isInstanceOf(RefundReport.Closed.class);
        }

        @ParameterizedTest
        @CsvSource({"SUCCESS, Succeeded", "FAIL, Closed"})
        void of_any_other_refund_have_the_numbers_of_Douyin(String status, String report) {
            var msg = wire.refund(status)
                    .add("cp_extra", "")
                    .add("out_refund_no", "")
                    .build()
                    .toString();

            assertThat(read("refund", msg).refund()).hasValueSatisfying(refund -> {
                assertThat(refund.of()).isEqualTo(new ParsedNotification.PaymentNumbers("", DouyinWire.THEIRS));
                assertThat(refund.report().refundNo()).isEqualTo("R1");
                assertThat(refund.report().getClass().getSimpleName()).isEqualTo(report);
            });
        }

        @Test
        void of_a_refund_that_name_the_payment_need_no_query() {
            var msg = wire.refund("SUCCESS")
                    .add("cp_extra", "")
                    .add("out_refund_no", "")
                    .add("out_order_no", NUMBER)
                    .build()
                    .toString();

            assertThat(read("refund", msg).refund()).hasValueSatisfying(refund -> {
                assertThat(refund.of().attemptNo()).isEqualTo(NUMBER);
                assertThat(refund.report().refundNo()).isEqualTo("R1");
            });
        }

        @Test
        void that_cannot_be_read_are_refused() {
            for (var msg : List.of(
                    wire.payment(NUMBER).add("status", "NEW").build().toString(),
                    wire.payment(NUMBER).remove("order_id").build().toString(),
                    wire.payment(NUMBER).add("total_amount", 9.9).build().toString(),
                    wire.payment("").build().toString(),
                    wire.payment(NUMBER)
                            .add("status", "CANCEL")
                            .add("app_id", "tt9")
                            .build()
                            .toString(),
                    "x")) {
                assertThat(failure(() -> read("payment", msg)).kind()).as(msg).isEqualTo(Kind.NOT_AUTHENTIC);
            }
            assertThat(failure(() -> read("refund", wire.refund("NEW").build().toString()))
                            .kind())
                    .isEqualTo(Kind.NOT_AUTHENTIC);
        }

        @Test
        void of_an_older_generation_are_refused() {
            var body =
                    "{\"msg\":" + Json.createValue(wire.payment(NUMBER).build().toString())
                            + ",\"type\":\"payment\",\"version\":\"2.0\"}";

            assertThat(failure(() -> provider.read(account(), DouyinWire.signed(body, 1, "n"))))
                    .hasMessageContaining("2.0");
        }

        @Test
        void of_an_unknown_type_are_only_kept() {
            assertThat(read("something_new", "{}").content()).isInstanceOf(ParsedNotification.Other.class);
        }
    }
}
