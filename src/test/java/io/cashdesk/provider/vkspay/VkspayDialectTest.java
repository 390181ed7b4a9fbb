package io.cashdesk.provider.vkspay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.Payer.Screen;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to each dialect. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayDialectTest {
    private static final String NUMBER = ProviderWire.NUMBER;

    private final ProviderServer server = new ProviderServer();
    private VkspayWire wire = new VkspayWire(Dialect.EPAY_V1);

    @AfterEach
    void close() {
        server.close();
    }

    private void speak(Dialect dialect) {
        wire = new VkspayWire(dialect);
        server.answers(wire::success);
    }

    private AccountSettings account(JsonObject node) {
        return new AccountSettings(
                UUID.randomUUID(), 1, VkspayProvider.NAME, "", node, URI.create(server.address() + "/site"));
    }

    private AccountSettings account() {
        return account(wire.node());
    }

    private AttemptRef attempt(String product) {
        return new AttemptRef(
                new PayType(VkspayProvider.NAME, product), NUMBER, SubMerchant.NONE, wire.providerNo(), "");
    }

    private PaymentRequest request(String product, Screen screen, String method, String subject) {
        return new PaymentRequest(
                attempt(product),
                Money.fen(10),
                subject,
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/vkspay/1"),
                new Payer("203.0.113.7", "", screen, method),
                Optional.of(URI.create("https://shop.example/back?a=1")),
                Json.createObjectBuilder().add("param", "table 5").build());
    }

    private PaymentPrompt create(String product, Screen screen, String method) {
        return wire.provider()
                .create(account(), request(product, screen, method, "茶"))
                .prompt();
    }

    private RefundRequest refund(String refundId) {
        return new RefundRequest(
                attempt("h5"),
                VkspayWire.THEIRS,
                "R1",
                refundId,
                Money.fen(10),
                Money.fen(990),
                "缺货",
                URI.create("https://pay.example.com/notify/vkspay/1"));
    }

    private Map<String, String> sent() {
        return wire.sent(server.requests().get(server.requests().size() - 1));
    }

    private static Kind failure(Runnable call) {
        try {
            call.run();
        } catch (ProviderFailure f) {
            return f.kind();
        }
        throw new AssertionError("no failure");
    }

    private void answers(String json) {
        server.answers(new Answer(200, Map.of("Content-Type", "text/html"), json));
    }

    @Nested
    class The_published_vectors {
        private static final String TEXT =
                "clientip=203.0.113.7&money=1.00&name=测试商品&notify_url=https://merchant.example/notify/epay&out_trade_no=T202601010001&pid=1001&return_url=https://merchant.example/return&type=alipay";

        private SortedMap<String, String> fields(String text) {
            var fields = new TreeMap<String, String>();
            for (var pair : text.split("&")) {
                fields.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return fields;
        }

        @Test
        void of_VksPay() {
            var fields = fields(
                    "merchantno=10001&method=webpay&notify_url=https://merchant.example/notify/vkspay&signaturenonce=12345678&timestamp=1767240000&total_fee=0.01&version=2.0");

            assertThat(VkspaySignature.vks(fields, "0123456789abcdef0123456789abcdef"))
                    .isEqualTo("313c1593bc87802db54177a9960dd049");
        }

        @Test
        void of_epay_V1() {
            var fields = fields(TEXT);
            fields.put("sign_type", "MD5");
            fields.put("param", "");
            assertThat(VkspaySignature.v1(fields, VkspayWire.KEY)).isEqualTo("3208d9e2bd874ecfc087627de3fc4775");

            var notification = fields(
                    "money=1.00&name=测试商品&out_trade_no=T202601010001&pid=1001&trade_no=2026010112000012345&trade_status=TRADE_SUCCESS&type=alipay");
            notification.put("sign", "1d2b6562c2037d2a375cfb36a4eea4fe");
            assertThat(VkspaySignature.isV1(notification, VkspayWire.KEY)).isTrue();
            notification.put("sign", "1D2B6562C2037D2A375CFB36A4EEA4FE");
            assertThat(VkspaySignature.isV1(notification, VkspayWire.KEY)).isFalse();
        }

        @Test
        void of_epay_V2() {
            var account = VkspayAccount.of(account(VkspayWire.node(Dialect.EPAY_V2)));
            var keys = account.keys().orElseThrow();
            var fields = fields(
                    "clientip=203.0.113.7&method=web&money=1.00&name=测试商品&notify_url=https://merchant.example/notify/epay2&out_trade_no=T202601010001&pid=1001&return_url=https://merchant.example/return&timestamp=1767240000&type=alipay");
            assertThat(VkspaySignature.v2(fields, keys.own()))
                    .isEqualTo(
                            "OD/J79NJ57fNU5fs6bmK8AWYaax8y8Uqc2Ex5IDcu0b9e+B8EeG+czh/tjAsGzqdUYE2Nq7lmfsKDNzSufq3RKsCGP3ImtDB/cDGcxHI6fH+65ACKti0ZUQ4hXVa+8tPxg0hJkWwvPloqS+zAJXYMy0qLHWOzH2wGwDS/ObLosPmn6k4agYSqKdrazH4V8il0G9hM1u/+0VY0KK+jRnknBzl/WZHxu+MOJtBqlb68/OOkSJ98Xd4ihHRsbdNYdS8b85NJxrscpkV7ds6+taeNsknbBkbWJMojmUVhC8tMFFKr1AT/6cgQnf8li6TdjBKhK3OSJyuZZSL9aLCxAdKXQ==");

            var notification = fields(
                    "addtime=2026-01-01 12:00:00&api_trade_no=2026010122001400000000000001&endtime=2026-01-01 12:00:09&money=1.00&name=测试商品&out_trade_no=T202601010001&pid=1001&timestamp=1767240010&trade_no=2026010112000012345&trade_status=TRADE_SUCCESS&type=alipay");
            notification.put(
                    "sign",
                    "mHYz1eqj1y8Sz4hjLf+op12j6ZeP8NrsSUCHpcDetFmKYJQ9FczuTA1I+43yRzyQ1KjQ0czKEEt6wjrqWnujmo4RQLIkMJ68iNNKh2fl/OMys7hw6fwAAOLT5FS2/oc/Ji2FyNuzvxKYJjIYslgGFZpJeLFexuOca6ikvTLdnXaPQEG2J1L9QkvVrhrcXEaDUQJaHrSLVXdXVb9yZo/e0u9/9jgLrple0hdyvxyvRWIr83X64nFa9a2fNh25uIg7Iae9eIb30eDya/5J2xEOoQyqd2dsEvuzhyuvbSFXQ3ZWqPzFvGGIgy1fslJf+OWduDPywl6SVROocj6dvXX36Q==");
            assertThat(VkspaySignature.isV2(notification, keys.platform())).isTrue();
            notification.put("money", "1");
            assertThat(VkspaySignature.isV2(notification, keys.platform())).isFalse();
        }
    }

    @Nested
    class Money_on_the_wire {
        @ParameterizedTest
        @CsvSource({"1, 100", "0.1, 10", "1.00, 100", "0.10, 10", "9.9, 990", "0.010, 1", "100000000, 10000000000"})
        void is_compared_as_a_number(String text, long fen) {
            assertThat(Yuan.parse(text)).contains(Money.fen(fen));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"0.001", "1.005", "9.999999", "1e2", "-1", "+1", "1,00", "", " ", "NaN", ".5", "1.", "0x1"})
        void is_never_rounded(String text) {
            assertThat(Yuan.parse(text)).isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        void with_a_part_of_a_fen_is_refused_in_an_answer(Dialect dialect) {
            speak(dialect);
            server.answers(request -> {
                var answer = wire.state(wire.states().keySet().iterator().next(), NUMBER);
                var parts = Map.of(
                        "code",
                        wire.ok(),
                        "status",
                        "1",
                        "pid",
                        "1001",
                        "trade_no",
                        "1",
                        "out_trade_no",
                        NUMBER,
                        "money",
                        "9.905");
                return dialect == Dialect.VKSPAY
                        ? new Answer(200, Map.of(), answer.body().replace("9.9", "9.905"))
                        : wire.answer(parts);
            });

            assertThat(failure(() -> wire.provider().query(account(), attempt("h5"))))
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void that_VksPay_does_not_say_is_what_was_requested() {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"SUCCESS\",\"return_msg\":\"ok\"}");

            var paid = (ProviderReport.Paid) wire.provider().query(account(), attempt("h5"));

            assertThat(paid.amount()).isNull();
            assertThat(paid.orOf(Money.fen(990)).amount()).isEqualTo(Money.fen(990));
            assertThat(paid.transactionId()).isEqualTo(VkspayWire.THEIRS);
        }
    }

    @Nested
    class Notifications {
        private ParsedNotification.Hint hint(RawNotification raw) {
            return (ParsedNotification.Hint)
                    wire.provider().read(account(), raw).content();
        }

        private RawNotification post(String query, String body) {
            return new RawNotification("POST", query, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void of_VksPay_name_the_gateways_number_in_a_form_or_in_JSON() {
            speak(Dialect.VKSPAY);

            assertThat(hint(post("", "out_trade_no=9&x=%E8%8C%B6")))
                    .isEqualTo(new ParsedNotification.Hint("", "9", "", false));
            assertThat(hint(post("", "{\"out_trade_no\":\"9\"}")))
                    .isEqualTo(new ParsedNotification.Hint("", "9", "", false));
            assertThat(hint(post("", "{\"data\":{\"out_trade_no\":9}}")))
                    .isEqualTo(new ParsedNotification.Hint("", "9", "", false));
        }

        @Test
        void of_VksPay_get_the_same_answer_whatever_they_are() {
            speak(Dialect.VKSPAY);
            var received = "{\"code\":\"SUCCESS\",\"msg\":\"SUCCESS\"}";
            var provider = wire.provider();
            var raw = post("", "out_trade_no=V1&total_fee=0.01&appid=1&trade_status=1&sign_type=MD5&sign=0");

            for (var answer : Stream.of(
                            provider.acknowledgement(account(), raw),
                            provider.refusal(account(), raw, true, "later"),
                            provider.refusal(account(), raw, false, "forged"),
                            provider.refusal(account(), post("", ""), false, "empty"))
                    .toList()) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(received);
            }
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VKSPAY")
        void of_epay_say_which_payment_was_made_and_are_known_again(Dialect dialect) {
            speak(dialect);
            var paid = wire.provider().read(account(), wire.paid());
            var later = wire.notified();
            later.computeIfPresent("timestamp", (name, value) -> String.valueOf(Long.parseLong(value) + 60));
            var again = wire.provider().read(account(), wire.signed(later));
            var closed = wire.provider().read(account(), wire.signed(wire.notified("trade_status", "TRADE_CLOSED")));

            assertThat(paid.content()).isEqualTo(new ParsedNotification.Hint(NUMBER, VkspayWire.THEIRS, "", true));
            assertThat(again.repeatKey()).isNotEmpty().isEqualTo(paid.repeatKey());
            assertThat(closed.content()).isEqualTo(new ParsedNotification.Hint(NUMBER, "", "", false));
            assertThat(closed.repeatKey()).isNotEmpty().isNotEqualTo(paid.repeatKey());
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VKSPAY")
        void of_epay_are_verified_and_settled_by_a_query(Dialect dialect) {
            speak(dialect);
            var get = wire.paid();

            assertThat(hint(get).attemptNo()).isEqualTo(NUMBER);
            assertThat(hint(post("", get.rawQuery())).attemptNo()).isEqualTo(NUMBER);
            assertThat(wire.provider().acknowledgement(account(), get).body()).isEqualTo("success");
            assertThat(wire.provider().refusal(account(), get, false, "").body())
                    .isEqualTo("fail");
            assertThat(wire.provider().refusal(account(), get, false, "").status())
                    .isEqualTo(401);
            assertThat(wire.provider().refusal(account(), get, true, "").status())
                    .isEqualTo(500);
        }

        @ParameterizedTest
        @CsvSource({
            "EPAY_V1, pid, 1002",
            "EPAY_V1, money, 1.005",
            "EPAY_V1, out_trade_no, ''",
            "EPAY_V2, pid, 1002",
            "EPAY_V2, money, x",
            "EPAY_V2, timestamp, 1767239000",
            "EPAY_V2, timestamp, ''"
        })
        void of_epay_that_are_signed_and_wrong_are_refused(Dialect dialect, String name, String value) {
            speak(dialect);

            assertThat(failure(() -> hint(wire.signed(wire.notified(name, value)))))
                    .isEqualTo(Kind.NOT_AUTHENTIC);
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VKSPAY")
        void of_epay_may_have_fields_without_a_value_which_are_not_signed(Dialect dialect) {
            speak(dialect);

            assertThat(hint(wire.signed(wire.notified("param", ""))).attemptNo())
                    .isEqualTo(NUMBER);
        }

        @Test
        void of_epay_V1_may_have_no_sign_type_or_one_in_lower_case_but_no_other() {
            speak(Dialect.EPAY_V1);
            var query = wire.paid().rawQuery();

            for (var type : new String[] {"", "&sign_type=md5", "&sign_type=MD5"}) {
                var raw = new RawNotification("GET", query.replace("&sign_type=MD5", type), Map.of(), new byte[0]);
                assertThat(hint(raw).attemptNo()).isEqualTo(NUMBER);
            }
            var other = new RawNotification("GET", query.replace("=MD5", "=RSA"), Map.of(), new byte[0]);
            assertThat(failure(() -> hint(other))).isEqualTo(Kind.NOT_AUTHENTIC);
        }

        @Test
        void of_epay_V2_hold_for_five_minutes() {
            speak(Dialect.EPAY_V2);
            var raw = wire.paid();

            for (var seconds : new int[] {-300, 300}) {
                assertThat(wire.at(ProviderWire.NOW.plusSeconds(seconds))
                                .read(account(), raw)
                                .content())
                        .isInstanceOf(ParsedNotification.Hint.class);
            }
            assertThat(failure(() -> wire.at(ProviderWire.NOW.plusSeconds(301)).read(account(), raw)))
                    .isEqualTo(Kind.NOT_AUTHENTIC);
        }
    }

    @Nested
    class What_a_payer_gets {
        @Test
        void of_VksPay_is_one_address_for_every_platform_and_the_gateways_number() {
            speak(Dialect.VKSPAY);
            var url = "https://pay.vks.example/c/" + VkspayWire.THEIRS;

            var created = wire.provider().create(account(), request("h5", Screen.CODE, "", "茶"));

            assertThat(created.providerNo()).isEqualTo(VkspayWire.THEIRS);
            assertThat(created.prompt().orderInfo()).hasToString("{\"codeUrl\":\"" + url + "\"}");
            assertThat(sent())
                    .containsEntry("total_fee", "0.10")
                    .containsEntry("merchantno", "1001")
                    .containsEntry("version", "2.0")
                    .containsEntry("return_url", "https://shop.example/back?a=1")
                    .containsEntry("notify_url", "https://pay.example.com/notify/vkspay/1")
                    .doesNotContainKeys("pay_chnl", "out_trade_no");
            assertThat(sent().get("signaturenonce")).matches("[1-9]{8}");
            for (var product : new String[] {"mweb", "h5-weixin", "mp-weixin", "mp-alipay", "app-plus"}) {
                var screen = product.startsWith("mp") || product.startsWith("app") ? Screen.APP : Screen.PHONE;
                var prompt = create(product, screen, "wxpay");
                assertThat(prompt.orderInfo()).hasToString("{\"payUrl\":\"" + url + "\"}");
                assertThat(sent()).containsEntry("pay_chnl", "wxpay");
            }
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VKSPAY")
        void of_epay_with_any_wallet_is_a_signed_address_without_a_call(Dialect dialect) {
            speak(dialect);

            var page = (PaymentPrompt.GoTo) create("mweb", Screen.PHONE, "");
            var code = (PaymentPrompt.ScanQrCode) create("h5", Screen.PC, "");

            assertThat(server.requests()).isEmpty();
            assertThat(page.url()).startsWith(server.address() + "/site/");
            assertThat(code.content()).startsWith(server.address() + "/site/");
            var fields = VkspayWire.read(page.url().substring(page.url().indexOf('?') + 1));
            assertThat(fields)
                    .containsEntry("money", "0.10")
                    .containsEntry("out_trade_no", NUMBER)
                    .containsEntry("param", "table 5")
                    .doesNotContainKey("type");
            assertSigned(fields);
            var refreshed = (PaymentPrompt.GoTo) wire.provider()
                    .refresh(
                            account(),
                            VkspayProvider.PHONE,
                            page,
                            Optional.of(URI.create("https://shop.example/other")));
            // a site refuses a number that comes with another address
            var again =
                    VkspayWire.read(refreshed.url().substring(refreshed.url().indexOf('?') + 1));
            assertThat(again).containsEntry("return_url", fields.get("return_url"));
            assertSigned(again);
        }

        private void assertSigned(Map<String, String> fields) {
            if (wire.dialect == Dialect.EPAY_V1) {
                assertThat(fields.get("sign"))
                        .isEqualTo(VkspayWire.md5(VkspayWire.joined(fields, false) + VkspayWire.KEY));
                assertThat(fields).containsEntry("sign_type", "MD5");
            } else {
                assertThat(fields.get("sign"))
                        .isEqualTo(Recorded.sign(VkspayWire.joined(fields, false), VkspayWire.OWN_KEY));
                assertThat(fields).containsEntry("sign_type", "RSA").containsKey("timestamp");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "h5, CODE, pc",
            "h5, PC, pc",
            "mweb, PHONE, mobile",
            "h5-weixin, PHONE, wechat",
            "mp-weixin, APP, wechat",
            "mp-alipay, APP, alipay",
            "app-plus, APP, mobile"
        })
        void of_epay_V1_depends_on_the_device(String product, Screen screen, String device) {
            speak(Dialect.EPAY_V1);

            create(product, screen, "wxpay");

            assertThat(sent())
                    .containsEntry("device", device)
                    .containsEntry("type", "wxpay")
                    .containsEntry("clientip", "203.0.113.7");
        }

        @ParameterizedTest
        @CsvSource({
            "payurl, /pay/1/, PHONE, payUrl, ../pay/1/",
            "payurl2, https://x.example/p, PHONE, payUrl, https://x.example/p",
            "payurl, pay/1, CODE, codeUrl, pay/1",
            "qrcode, weixin://wxpay/bizpayurl?pr=1, CODE, codeUrl, weixin://wxpay/bizpayurl?pr=1",
            "qrcode, weixin://wxpay/bizpayurl?pr=1, PHONE, codeUrl, weixin://wxpay/bizpayurl?pr=1",
            "qrcode, https://qr.alipay.com/bax0, PHONE, payUrl, https://qr.alipay.com/bax0",
            "urlscheme, weixin://dl/business/?t=1, PHONE, payUrl, weixin://dl/business/?t=1"
        })
        void of_epay_V1_is_whatever_the_reply_has(String name, String value, Screen screen, String key, String shown) {
            speak(Dialect.EPAY_V1);
            answers("\uFEFF{\"code\":\"1\",\"data\":{\"" + name + "\":\"" + value + "\"}}");

            var prompt = create(screen == Screen.PHONE ? "mweb" : "h5", screen, "wxpay");

            var expected = shown.startsWith("../")
                    ? server.address() + shown.substring(2)
                    : shown.contains(":") ? shown : server.address() + "/site/" + shown;
            assertThat(prompt.orderInfo().asJsonObject().getString(key)).isEqualTo(expected);
        }

        @ParameterizedTest
        @ValueSource(strings = {"javascript:alert(1)", "data:text/html,x", "", "http://[", "https://x.example/ a"})
        void is_never_an_address_that_runs_a_script(String address) {
            speak(Dialect.EPAY_V1);
            answers("{\"code\":1,\"payurl\":\"" + address + "\",\"urlscheme\":\"" + address + "\"}");

            assertThat(failure(() -> create("mweb", Screen.PHONE, "wxpay"))).isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void of_epay_V2_that_cannot_be_shown_is_refused() {
            speak(Dialect.EPAY_V2);
            server.answers(wire.answer(Map.of("code", "0", "pay_type", "html", "pay_info", "<form></form>")));

            assertThat(failure(() -> create("mweb", Screen.PHONE, "wxpay"))).isEqualTo(Kind.DECLINED);
        }

        @Test
        void has_a_title_cut_at_the_edge_of_a_character() {
            speak(Dialect.EPAY_V1);

            wire.provider().create(account(), request("h5", Screen.CODE, "wxpay", "茶".repeat(100)));

            assertThat(sent().get("name")).isEqualTo("茶".repeat(42));
        }

        @Test
        void without_an_answer_of_VksPay_says_that_nothing_was_shown() {
            speak(Dialect.VKSPAY);
            server.answers(Answer.hangUp());

            assertThatThrownBy(() -> create("h5", Screen.CODE, ""))
                    .isInstanceOfSatisfying(
                            ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.UNREACHABLE))
                    .hasMessageContaining("no code was shown");
        }
    }

    @Nested
    class Refunds {
        @Test
        void of_VksPay_get_a_number_there_and_are_found_by_it_alone() {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"SUCCESS\",\"out_refund_no\":\"R3493-20230707180825169779\"}");

            var report = wire.provider().refund(account(), refund(""));

            assertThat(sent()).containsEntry("refund_fee", "0.10").containsEntry("out_trade_no", VkspayWire.THEIRS);
            assertThat(report)
                    .isInstanceOfSatisfying(
                            RefundReport.Processing.class,
                            going -> assertThat(going.refundId()).isEqualTo("R3493-20230707180825169779"));
            assertThat(wire.provider().queryRefund(account(), refund("R3493-20230707180825169779")))
                    .isInstanceOf(RefundReport.Succeeded.class);
            server.answers(wire::success);
            assertThat(wire.provider().queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Undecided.class);
            assertThat(server.requests()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "1, true",
            "1.0, true",
            "'\"01\"', true",
            "0, true",
            "'\"0\"', true",
            "-1, false",
            "-1.0, false",
            "-2, false"
        })
        void of_epay_V1_are_accepted_with_any_code_that_is_not_negative(String code, boolean accepted) {
            speak(Dialect.EPAY_V1);
            answers("{\"code\":" + code + ",\"msg\":\"x\"}");

            if (accepted) {
                assertThat(wire.provider().refund(account(), refund(""))).isInstanceOf(RefundReport.Succeeded.class);
            } else {
                assertThat(failure(() -> wire.provider().refund(account(), refund(""))))
                        .isEqualTo(Kind.DECLINED);
            }
            assertThat(sent()).containsEntry("trade_no", VkspayWire.THEIRS).containsEntry("money", "0.10");
            assertThat(server.requests().get(0).query()).isEqualTo("act=refund");
        }

        @ParameterizedTest
        @CsvSource({"1, Absent", "2, Succeeded", "3, Absent"})
        void of_epay_V1_are_seen_in_the_orders_state(String state, String report) {
            speak(Dialect.EPAY_V1);
            server.answers(wire.state(state, NUMBER));

            assertThat(wire.provider()
                            .queryRefund(account(), refund(""))
                            .getClass()
                            .getSimpleName())
                    .isEqualTo(report);
        }

        @Test
        void of_epay_V1_of_an_order_that_the_gateway_does_not_know_are_undecided() {
            speak(Dialect.EPAY_V1);
            server.answers(wire.refusal("ORDER_NOT_EXIST"));

            assertThat(wire.provider().queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Undecided.class);
        }

        @Test
        void of_epay_V2_have_our_number() {
            speak(Dialect.EPAY_V2);
            server.answers(wire.answer(
                    Map.of("code", "0", "refund_no", "2026", "out_refund_no", "R1", "money", "0.1", "status", "1")));

            var report = (RefundReport.Succeeded) wire.provider().refund(account(), refund(""));

            assertThat(report.amount()).isEqualTo(Money.fen(10));
            assertThat(report.refundId()).isEqualTo("2026");
            assertThat(sent()).containsEntry("out_refund_no", "R1");
            assertThat(wire.provider().queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Succeeded.class);
            server.answers(wire.answer(Map.of("code", "0", "out_refund_no", "R1", "status", "0")));
            assertThat(wire.provider().queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Closed.class);
            server.answers(new Answer(200, Map.of(), "{\"code\":-1,\"msg\":\"退款记录不存在\"}"));
            assertThat(wire.provider().queryRefund(account(), refund(""))).isInstanceOf(RefundReport.Absent.class);
        }

        @ParameterizedTest
        @CsvSource({"退款处理中, Processing", "退款记录不存在, Processing", "退款失败, Closed", "退款失败：余额不足, Closed", "拒绝退款, Closed"})
        void of_VksPay_that_are_not_made_have_failed_or_are_on_their_way(String words, String report) {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"FAIL\",\"return_msg\":\"" + words + "\"}");

            var answer = wire.provider().queryRefund(account(), refund("R3493"));

            assertThat(answer.getClass().getSimpleName()).isEqualTo(report);
            answers("{\"return_code\":\"FAIL\",\"return_msg\":\"系统繁忙，退款失败\"}");
            assertThat(failure(() -> wire.provider().queryRefund(account(), refund("R3493"))))
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void of_epay_whose_number_the_site_never_said_name_ours() {
            for (var dialect : new Dialect[] {Dialect.EPAY_V1, Dialect.EPAY_V2}) {
                speak(dialect);
                server.answers(wire.answer(Map.of("code", wire.ok())));
                var request = new RefundRequest(
                        attempt("h5"),
                        NUMBER,
                        "R1",
                        "",
                        Money.fen(10),
                        Money.fen(990),
                        "",
                        URI.create("https://pay.example.com/notify/vkspay/1"));

                wire.provider().refund(account(), request);

                assertThat(sent()).containsEntry("out_trade_no", NUMBER).doesNotContainKey("trade_no");
            }
        }

        @Test
        void of_epay_V2_are_not_ended_by_a_refusal_that_anyone_may_have_sent() {
            speak(Dialect.EPAY_V2);
            for (var reply : new String[] {"{\"code\":-1}", "{\"code\":-1,\"msg\":\"余额不足\"}"}) {
                answers(reply);
                assertThat(failure(() -> wire.provider().refund(account(), refund(""))))
                        .as(reply)
                        .isEqualTo(Kind.OUTCOME_UNKNOWN);
            }
            answers("{\"code\":-3,\"msg\":\"商户不存在\"}");
            assertThat(failure(() -> wire.provider().refund(account(), refund(""))))
                    .isEqualTo(Kind.DECLINED);
            server.answers(wire.answer(Map.of("code", "-1", "msg", "余额不足")));
            assertThat(failure(() -> wire.provider().refund(account(), refund(""))))
                    .isEqualTo(Kind.DECLINED);
        }

        @Test
        void can_be_repeated_only_where_they_have_numbers() {
            for (var dialect : Dialect.values()) {
                speak(dialect);
                var numbered = dialect == Dialect.EPAY_V2;
                assertThat(wire.provider().repeatable(account())).isEqualTo(numbered);
                assertThat(wire.provider().mostRefunds(account())).isEqualTo(numbered ? Integer.MAX_VALUE : 1);
                assertThat(wire.provider().canClose(account())).isEqualTo(numbered);
            }
        }
    }

    @Nested
    class Replies {
        @Test
        void of_epay_V2_may_be_signed_as_PHP_writes_numbers() {
            speak(Dialect.EPAY_V2);
            var signed = new TreeMap<>(Map.of(
                    "status",
                    "1",
                    "pid",
                    "1001",
                    "trade_no",
                    "1",
                    "out_trade_no",
                    NUMBER,
                    "money",
                    "9.9",
                    "timestamp",
                    String.valueOf(ProviderWire.NOW.getEpochSecond())));
            var sign = wire.sign(signed); // without code, which is a number 0
            answers("{\"code\":0,\"status\":1,\"pid\":1001,\"trade_no\":\"1\",\"out_trade_no\":\"" + NUMBER
                    + "\",\"money\":9.90,\"timestamp\":\"" + signed.get("timestamp") + "\",\"list\":[1],\"sign\":\""
                    + sign
                    + "\",\"sign_type\":\"RSA\"}");

            assertThat(wire.provider().query(account(), attempt("h5"))).isInstanceOf(ProviderReport.Paid.class);
        }

        @Test
        void of_epay_V2_need_not_name_the_order_again() {
            speak(Dialect.EPAY_V2);
            server.answers(wire.answer(Map.of("code", "0", "status", "1", "money", "9.9")));
            var known = new AttemptRef(VkspayProvider.PAGE, NUMBER, SubMerchant.NONE, VkspayWire.THEIRS, "");
            var never = new AttemptRef(VkspayProvider.PAGE, NUMBER, SubMerchant.NONE, "", "");

            assertThat(((ProviderReport.Paid) wire.provider().query(account(), known)).transactionId())
                    .isEqualTo(VkspayWire.THEIRS);
            assertThat(((ProviderReport.Paid) wire.provider().query(account(), never)).transactionId())
                    .isEqualTo(NUMBER);
            server.answers(wire.answer(Map.of("code", "0", "status", "1", "money", "9.9", "out_trade_no", "other")));
            assertThat(failure(() -> wire.provider().query(account(), known))).isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VKSPAY")
        void of_epay_to_an_order_have_the_sites_number(Dialect dialect) {
            speak(dialect);

            assertThat(wire.provider()
                            .create(account(), request("h5", Screen.CODE, "wxpay", "茶"))
                            .providerNo())
                    .isEqualTo(VkspayWire.THEIRS);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "\"1\"", "\"01\"", "1.0"})
        void of_epay_V1_succeed_however_PHP_prints_one(String code) {
            speak(Dialect.EPAY_V1);
            answers("{\"code\":" + code + ",\"status\":0,\"out_trade_no\":\"" + NUMBER + "\",\"money\":\"9.9\"}");

            assertThat(wire.provider().query(account(), attempt("h5"))).isInstanceOf(ProviderReport.Unpaid.class);
        }

        @Test
        void of_epay_V1_about_an_error_of_the_site_say_nothing_about_the_refund() {
            speak(Dialect.EPAY_V1);
            answers("{\"code\":-1,\"msg\":\"系统异常，请稍后再试\"}");

            assertThat(failure(() -> wire.provider().refund(account(), refund(""))))
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @ParameterizedTest
        @CsvSource({
            "FAIL, 订单未支付, Unpaid",
            "FAIL, 等待买家付款, Unpaid",
            "NOTPAY, '', Unpaid",
            "USERPAYING, '', Unpaid",
            "FAIL, order not paid, Unpaid",
            "FAIL, 订单不存在, Absent",
            "FAIL, '', Unclear",
            "FAIL, 失败, Unclear",
            "FAIL, 该订单已支付, Unclear"
        })
        void of_VksPay_to_a_query_say_unpaid_only_where_they_say_it(String code, String words, String report) {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"" + code + "\",\"return_msg\":\"" + words + "\"}");

            assertThat(wire.provider()
                            .query(account(), attempt("h5"))
                            .getClass()
                            .getSimpleName())
                    .isEqualTo(report);
        }

        @ParameterizedTest
        @CsvSource({
            "SYSTEM_ERROR, 系统错误",
            "SYSTEMERROR, ''",
            "FAIL, 系统繁忙",
            "FAIL, 请求超时",
            "FAIL, 网络异常，请稍后再试",
            "FAIL, system busy"
        })
        void of_VksPay_about_an_error_of_its_own_are_no_answer(String code, String words) {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"" + code + "\",\"return_msg\":\"" + words + "\"}");

            assertThat(failure(() -> wire.provider().query(account(), attempt("h5"))))
                    .isEqualTo(Kind.OUTCOME_UNKNOWN);
        }

        @Test
        void to_a_refused_close_say_what_is_true() {
            speak(Dialect.EPAY_V2);
            server.answers(request ->
                    request.path().endsWith("/close") ? wire.refusal("-1").apply(request) : wire.state("0", NUMBER));

            assertThat(wire.provider().close(account(), attempt("h5"))).isInstanceOf(ProviderReport.Unpaid.class);
        }

        @Test
        void to_a_signed_query_of_epay_V1_need_no_key() {
            speak(Dialect.EPAY_V1);
            var node = Json.createObjectBuilder(wire.node())
                    .add("signedQueries", true)
                    .build();

            wire.provider().query(account(node), attempt("h5"));

            assertThat(sent()).containsKey("sign").doesNotContainKey("key");
        }

        @Test
        void about_a_wrong_signature_of_VksPay_say_nothing_about_the_payment() {
            speak(Dialect.VKSPAY);
            answers("{\"return_code\":\"FAIL\",\"return_msg\":\"签名错误\"}");

            assertThat(failure(() -> wire.provider().query(account(), attempt("h5"))))
                    .isEqualTo(Kind.DECLINED);
        }
    }

    @Nested
    class A_node {
        private String refusal(String... changes) {
            return refusal(Dialect.EPAY_V1, changes);
        }

        private String refusal(Dialect dialect, String... changes) {
            var node = Json.createObjectBuilder(VkspayWire.node(dialect));
            for (int i = 0; i < changes.length; i += 2) node.add(changes[i], changes[i + 1]);
            try {
                wire.provider().check(account(node.build()));
                return "";
            } catch (WrongNodeValue e) {
                assertThat(e.sentence().zh()).containsPattern("\\p{IsHan}");
                return e.sentence().en();
            }
        }

        @Test
        void with_the_keys_of_another_dialect_is_refused() {
            assertThat(refusal("dialect", "epay")).startsWith("dialect must be");
            assertThat(refusal("privateKey", VkspayWire.OWN_KEY)).startsWith("privateKey is for nodes");
            assertThat(refusal("key", VkspayWire.OWN_KEY)).startsWith("key must be the MD5 key");
            assertThat(refusal(Dialect.EPAY_V2, "key", VkspayWire.KEY)).startsWith("key is for nodes");
            assertThat(refusal(Dialect.EPAY_V2, "publicKey", VkspayWire.OWN_KEY))
                    .startsWith("publicKey must be");
            assertThat(refusal(Dialect.EPAY_V2, "privateKey", VkspayWire.PLATFORM_KEY))
                    .startsWith("privateKey must be");
            assertThat(refusal(
                            Dialect.EPAY_V2,
                            "publicKey",
                            Recorded.bare(Recorded.text("alipay/application-public.key"))))
                    .startsWith("publicKey is the merchant's own");
        }

        @Test
        void with_a_wrong_number_or_key_is_refused() {
            assertThat(refusal("mchId", "10 01")).startsWith("mchId must not have a blank");
            assertThat(refusal("mchId", "abc")).startsWith("mchId must be");
            assertThat(refusal("mchId", "")).startsWith("mchId must be");
            assertThat(refusal("key", "x".repeat(129))).startsWith("key must be the MD5 key");
            assertThat(refusal("key", "test key")).startsWith("key must be the merchant's key");
            assertThat(refusal("key", "testkey")).isEmpty();
            assertThat(refusal("key", "1001")).startsWith("key and mchId");
            assertThat(refusal(Dialect.VKSPAY, "key", "")).startsWith("key must be the merchant's key");
            assertThat(refusal(" mchId", "1")).isEmpty();
        }

        @Test
        void of_epay_needs_the_sites_address() {
            var node = VkspayWire.node(Dialect.EPAY_V1);
            var settings =
                    new AccountSettings(UUID.randomUUID(), 1, VkspayProvider.NAME, "", node, VkspayProvider.GATEWAY);

            assertThatThrownBy(() -> wire.provider().check(settings))
                    .isInstanceOf(WrongNodeValue.class)
                    .hasMessageStartingWith("gateway is required");
            var page = new AccountSettings(
                    UUID.randomUUID(),
                    1,
                    VkspayProvider.NAME,
                    "",
                    node,
                    URI.create("https://pay.example.com/submit.php"));
            assertThatThrownBy(() -> wire.provider().check(page)).hasMessageContaining("without submit.php");
        }

        @Test
        void of_epay_is_another_merchant_at_another_site() {
            var node = VkspayWire.node(Dialect.EPAY_V1);
            var one = new AccountSettings(
                    UUID.randomUUID(), 1, VkspayProvider.NAME, "", node, URI.create("https://Pay.Example.com"));
            var other = new AccountSettings(
                    UUID.randomUUID(), 1, VkspayProvider.NAME, "", node, URI.create("https://pay.example.com/2"));

            assertThat(wire.provider().identity(one).merchantNo()).isEqualTo("1001@pay.example.com");
            assertThat(wire.provider().identity(other).merchantNo()).isEqualTo("1001@pay.example.com/2");
        }

        @Test
        void may_have_its_number_as_a_number() {
            var node = Json.createObjectBuilder(VkspayWire.node(Dialect.EPAY_V1))
                    .add("mchId", 1001)
                    .build();

            assertThat(VkspayAccount.of(account(node)).mchId()).isEqualTo("1001");
        }
    }

    @Nested
    class A_call {
        private void refuses(SubMerchant sub, JsonObject other, String name) {
            var input = new CallerInput(
                    VkspayProvider.PAGE,
                    new Payer("203.0.113.7", "", Screen.CODE),
                    sub,
                    Optional.empty(),
                    Optional.of(URI.create("https://shop.example/")),
                    other);
            assertThatThrownBy(() -> wire.provider().checkInput(account(), input))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(name);
        }

        @Test
        void with_what_the_order_determines_or_no_text_is_refused() {
            refuses(new SubMerchant("1900000109", "", ""), JsonObject.EMPTY_JSON_OBJECT, "sub-merchant");
            for (var name : new String[] {"money", "pid", "sign", "notifyUrl", "type", "timestamp"}) {
                refuses(
                        SubMerchant.NONE,
                        Json.createObjectBuilder().add(name, "1").build(),
                        "other." + name);
            }
            refuses(
                    SubMerchant.NONE,
                    Json.createObjectBuilder()
                            .add("param", Json.createArrayBuilder())
                            .build(),
                    "param");
            refuses(
                    SubMerchant.NONE,
                    Json.createObjectBuilder().add("param", "x".repeat(256)).build(),
                    "param");
        }

        @Test
        void takes_the_numbers_of_epay() {
            assertThat(wire.provider().fits("A.b_c-d|9")).isTrue();
            assertThat(wire.provider().fits("A*1")).isFalse();
            assertThat(wire.provider().fits("")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "h5, Mozilla/5.0 (Windows NT 10.0), h5",
            "h5, Mozilla/5.0 (iPhone) MicroMessenger/8.0, h5-weixin",
            "h5, Mozilla/5.0 (Linux; Android 14) AlipayClient/10, mweb",
            "h5, Mozilla/5.0 (Linux; Android 14) Mobile, mweb",
            "h5-weixin, '', h5-weixin",
            "mp-weixin, '', mp-weixin",
            "mp-alipay, '', mp-alipay",
            "app-plus, '', app-plus"
        })
        void is_a_product_for_where_the_payer_is(String platform, String agent, String product) {
            var client = new Client(platform, agent, false, false, false, false);

            assertThat(wire.provider().payType(client).product()).isEqualTo(product);
            assertThat(wire.provider().products()).containsKey(wire.provider().payType(client));
            assertThat(wire.provider().worksInBrowserOf(new ProviderName("wxpay")))
                    .isTrue();
            assertThat(wire.provider().worksInBrowserOf(new ProviderName("alipay")))
                    .isTrue();
        }
    }

    @Test
    void each_wallet_has_its_own_mark_and_words() {
        var provider = wire.provider();

        assertThat(provider.presentation("").mark()).isEqualTo("vkspay.svg");
        assertThat(provider.presentation("wxpay").mark()).isEqualTo("wxpay.svg");
        assertThat(provider.presentation("alipay").mark()).isEqualTo("alipay.svg");
        assertThat(provider.presentation("").wallet().en()).isEqualTo("WeChat or Alipay");
        assertThat(provider.presentation("").wallet().zh()).isEqualTo("微信或支付宝");
        for (var method : provider.payMethods()) {
            assertThat(Path.of("webapp/assets", provider.presentation(method).mark()))
                    .exists();
        }
    }

    @Test
    void the_documentation_has_each_limit_with_its_unit_and_source() throws IOException {
        var rows = Files.readAllLines(Path.of("docs/providers/vkspay.md")).stream()
                .filter(line -> line.matches("\\| `[a-z_.]+` \\| \\d+ (bytes|characters) \\|.*"))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                VkspayTexts.shortened().stream().map(limit -> row(limit, "shortened")),
                                VkspayTexts.refused().stream().map(limit -> row(limit, "refused")))
                        .toList());
    }

    private static String row(TextLimit limit, String handling) {
        var unit = limit.unit() == TextLimit.Unit.UTF8_BYTES ? " bytes" : " characters";
        return "| `" + limit.field() + "` | " + limit.most() + unit + " | " + handling + " | " + limit.source() + " |";
    }
}
