package io.cashdesk.face.epay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.AnEpayAccess;
import io.cashdesk.merchant.EpayAccess;
import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.EpayOrigin;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.payment.Wallets;
import io.cashdesk.refund.Refund;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is signed, and what a signature that was made for another call is good for: nothing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class V2CallsTest {
    private static final long PID = 1001;
    private static final Instant NOW = AnOrder.NOON;
    private static final KeyPair SHOP = pair();
    private static final KeyPair PLATFORM = pair();

    private final Merchant merchant = new Merchant("tea", "Tea", NOW);
    private final PayOrder order = AnOrder.of(ANewOrder.of(Money.fen(990))
                    .epay(new EpayOrigin(2, "https://shop.example/n?x=1", "https://shop.example/r?y=2", "", "")))
            .unpaid();
    private final List<String> done = new ArrayList<>();
    private final V2Calls calls = wired();

    private static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private V2Calls wired() {
        var access = AnEpayAccess.of(
                merchant.id(),
                PID,
                Base64.getEncoder().encodeToString(SHOP.getPublic().getEncoded()));
        var accesses = new EpayAccesses() {
            @Override
            public Optional<EpayAccess> byPid(long pid) {
                return pid == PID ? Optional.of(access) : Optional.empty();
            }

            @Override
            public PrivateKey platformKey(EpayAccess of) {
                return PLATFORM.getPrivate();
            }
        };
        var verify = new Verify();
        verify.accesses = accesses;
        verify.clock = Clock.fixed(NOW, ZoneOffset.UTC);
        verify.merchants = new Merchants() {
            @Override
            public Merchant byId(UUID id) {
                return merchant;
            }
        };
        var wired = new V2Calls();
        wired.verify = verify;
        wired.signed = new Signed();
        wired.signed.accesses = accesses;
        wired.signed.clock = verify.clock;
        wired.trades = trades();
        wired.closePayment = new ClosePayment() {
            @Override
            public PayOrder of(PayOrder closed) {
                done.add("closed");
                return closed;
            }
        };
        return wired;
    }

    /** Knows one order, and writes down what is done. */
    private Trades trades() {
        var trades = new Trades() {
            @Override
            PayOrder named(Shop shop, Parameters parameters) {
                return order;
            }

            @Override
            PayOrder queried(Shop shop, Parameters parameters) {
                done.add("queried");
                return order;
            }

            @Override
            Refund refund(PayOrder of, String number, Parameters parameters) {
                done.add("refunded " + number);
                throw Refusal.general("演示 a&b=c", "shown a&b=c");
            }

            @Override
            Refund queriedRefund(Shop shop, Parameters parameters) {
                done.add("queried refund");
                throw Refusal.general("退款不存在", "no such refund");
            }

            @Override
            JsonArrayBuilder list(Shop shop, Parameters parameters, boolean v2) {
                done.add("listed");
                return Json.createArrayBuilder();
            }

            @Override
            JsonObjectBuilder figures(Shop shop) {
                done.add("counted");
                return Json.createObjectBuilder()
                        .add("orders", 1)
                        .add("order_today", 1)
                        .add("order_lastday", 0);
            }
        };
        trades.wallets = new Wallets() {
            @Override
            public String of(PayOrder of) {
                return "wxpay";
            }
        };
        return trades;
    }

    private static SortedMap<String, String> signed(Map<String, String> parameters) {
        var all = new TreeMap<>(parameters);
        all.put("pid", Long.toString(PID));
        all.put("timestamp", Long.toString(NOW.getEpochSecond()));
        all.put("sign", Signature.rsa(all, SHOP.getPrivate()));
        all.put("sign_type", "RSA");
        return all;
    }

    /** What the payer's browser carries to {@code submit}. */
    private SortedMap<String, String> submitted() {
        return signed(Map.of(
                "out_trade_no",
                order.outTradeNo(),
                "money",
                "9.90",
                "name",
                "tea",
                "notify_url",
                "https://shop.example/n?x=1",
                "return_url",
                "https://shop.example/r?y=2",
                "type",
                "wxpay"));
    }

    private JsonObject answer(String call, Map<String, String> parameters) {
        var query = new StringBuilder();
        parameters.forEach((name, value) -> query.append('&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return calls.of(call, () -> Parameters.of(query.toString(), new byte[0], null), Locale.ENGLISH)
                .toCompletableFuture()
                .join();
    }

    private static boolean isSigned(JsonObject answer) {
        var members = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (value instanceof JsonString text) members.put(name, text.getString());
            if (value instanceof JsonNumber number) members.put(name, number.toString());
        });
        return answer.containsKey("sign") && Signature.isRsa(answer.getString("sign"), members, PLATFORM.getPublic());
    }

    static Stream<String> calls() {
        return V2Calls.CALLS.stream().sorted();
    }

    static Stream<String> callsAboutOrders() {
        return calls().filter(call -> !call.equals("pay/create"));
    }

    @Test
    void an_answer_to_a_call_that_was_verified_is_signed_and_so_is_its_refusal() {
        var queried = answer("pay/query", signed(Map.of("out_trade_no", order.outTradeNo())));
        var refused = answer("pay/refund", signed(Map.of("out_trade_no", "T", "money", "1", "out_refund_no", "R1")));

        assertThat(queried.getInt("code")).isZero();
        assertThat(isSigned(queried)).isTrue();
        assertThat(refused.getInt("code")).isEqualTo(-1);
        assertThat(isSigned(refused)).isTrue();
        assertThat(done).containsExactly("queried", "refunded R1");
    }

    @Test
    void a_message_that_is_signed_has_nothing_that_separates_parameters() {
        var refused = answer("pay/refund", signed(Map.of("out_trade_no", "T", "money", "1", "out_refund_no", "R1")));

        assertThat(refused.getString("msg")).isEqualTo("shown a＆b=c");
    }

    @Test
    void an_unknown_call_is_refused_without_its_text_and_without_a_signature() {
        var path = "x&out_trade_no=T1&pid=1001&timestamp=1&trade_no=1&trade_status=TRADE_SUCCESS&type=alipay";
        for (var parameters : List.of(Map.of("pid", "1001"), signed(Map.of()))) {
            var refused = answer(path, parameters);

            assertThat(refused.keySet()).containsOnly("code", "msg");
            assertThat(refused.getInt("code")).isEqualTo(-5);
            assertThat(refused.getString("msg")).doesNotContain("TRADE_SUCCESS", "&", "=");
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void nothing_is_signed_for_a_caller_without_the_shops_key(String call) {
        var old = new TreeMap<>(signed(Map.of()));
        old.put("timestamp", Long.toString(NOW.getEpochSecond() - 1));
        for (var parameters : List.of(
                Map.of("pid", "1001"),
                Map.of("pid", "1001", "sign", "AAAA", "timestamp", "1"),
                Map.of("pid", "1001", "sign_type", "MD5", "sign", "0"),
                Map.of("pid", "1002"),
                old)) {
            assertThat(answer(call, parameters).keySet()).containsOnly("code", "msg");
        }
        assertThat(done).isEmpty();
    }

    @Test
    void nothing_is_signed_that_cannot_be_read() {
        var refused = calls.of(
                        "pay/query", () -> Parameters.of("pid=1001&name=a&name=b", new byte[0], null), Locale.ENGLISH)
                .toCompletableFuture()
                .join();

        assertThat(refused.keySet()).containsOnly("code", "msg");
    }

    @ParameterizedTest
    @MethodSource("callsAboutOrders")
    void the_fields_of_a_payers_form_are_good_for_no_other_call(String call) {
        var refused = answer(call, submitted());

        assertThat(refused.getInt("code")).isEqualTo(-1);
        assertThat(refused.getString("msg")).contains("remove it and sign again");
        assertThat(done).isEmpty();
    }

    @Test
    void they_are_not_good_for_create_either() {
        assertThat(answer("pay/create", submitted()).getString("msg")).contains("method");
        assertThat(done).isEmpty();
    }

    /** The text that is signed is the same if a field is hidden in the name or value of another. */
    @ParameterizedTest
    @MethodSource("callsAboutOrders")
    void they_cannot_be_hidden_in_each_other(String call) {
        var sent = submitted();
        var inNames = new TreeMap<>(sent);
        for (var name : List.of("name", "notify_url", "return_url")) inNames.remove(name);
        inNames.put("name=tea&notify_url=https://shop.example/n?x", "1");
        inNames.put("return_url=https://shop.example/r?y", "2");
        var inValues = new TreeMap<>(sent);
        for (var name : List.of("name", "notify_url")) inValues.remove(name);
        inValues.put("money", "9.90&name=tea&notify_url=https://shop.example/n?x=1");
        var extra = signed(Map.of("out_trade_no", "T", "plugin", "a", "return_url", "https://shop.example/r"));
        var inExtra = new TreeMap<>(extra);
        inExtra.remove("return_url");
        inExtra.put("plugin", "a&return_url=https://shop.example/r");
        for (var hidden : List.of(inNames, inValues, inExtra)) {
            assertThat(Signature.isRsa(hidden.get("sign"), hidden, SHOP.getPublic()))
                    .as("the signature is right")
                    .isTrue();
            assertThat(answer(call, hidden).getInt("code")).isEqualTo(-1);
        }
        assertThat(done).isEmpty();
    }

    @Test
    void a_refund_needs_a_number_of_the_shops() {
        var refused = answer("pay/refund", signed(Map.of("out_trade_no", "T", "money", "9.90")));

        assertThat(refused.getInt("code")).isEqualTo(-4);
        assertThat(refused.getString("msg")).contains("out_refund_no");
        assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"merchant/info", "merchant/orders"})
    void lists_and_figures_need_no_more_than_the_signature(String call) {
        assertThat(answer(call, signed(Map.of())).getInt("code")).isZero();
    }
}
