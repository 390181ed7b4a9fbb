package io.cashdesk.provider.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node may contain; each refusal names the key in both languages. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinAccountTest {
    private final DouyinProvider provider = new DouyinWire(Dialect.ECPAY).provider();

    private static AccountSettings settings(JsonObject node, URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, DouyinProvider.NAME, "mp-toutiao", node, gateway);
    }

    private static AccountSettings settings(JsonObjectBuilder node) {
        return settings(node.build(), DouyinProvider.GATEWAY);
    }

    private static JsonValue value(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private static String bare(String json) {
        return switch (json) {
            case "OWN_KEY" -> '"' + DouyinWire.OWN_KEY + '"';
            case "OWN_OPEN_KEY" -> '"' + DouyinWire.OWN_OPEN_KEY + '"';
            case "PLATFORM_KEY" -> '"' + DouyinWire.PLATFORM_KEY + '"';
            case "SALT" -> '"' + DouyinWire.SALT + '"';
            case "SECRET" -> '"' + DouyinWire.SECRET + '"';
            default -> json;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "appId; \"\"; appId",
                "appId; \"wx8888888888888888\"; appId",
                "appId; \"73744242495132490630\"; appId",
                "mchId; \"tt1\"; mchId",
                "mchId; true; mchId",
                "secret; 7; secret",
                "secret; \"with a blank\"; secret",
                "secret; \"tt226e54d3bd581bf801\"; secret",
                "salt; \"\"; salt",
                "salt; null; salt",
                "salt; \"with a blank\"; salt",
                "salt; OWN_KEY; salt",
                "salt; SECRET; salt",
                "token; \"\"; token",
                "token; null; token",
                "token; SALT; token",
                "token; SECRET; token",
                "platformPublicKey; PLATFORM_KEY; platformPublicKey",
                "keyVersion; \"1\"; keyVersion",
                "requestOrder; {}; requestOrder",
                "sandbox; \"true\"; sandbox",
                "sandbox; 1; sandbox",
                "dialect; \"ecpay2\"; dialect",
                "dialect; 1; dialect",
                "dialect; \"trade\"; salt",
                "settleAfterDays; -1; settleAfterDays",
                "settleAfterDays; 366; settleAfterDays",
                "settleAfterDays; 1.5; settleAfterDays",
                "settleAfterDays; \"soon\"; settleAfterDays",
                "settleAfterDays; true; settleAfterDays",
                "settleDescription; 7; settleDescription",
                "settleDescription; {}; settleDescription"
            })
    void of_ecpay_refuses(String key, String json, String named) {
        refuses(DouyinWire.node(Dialect.ECPAY).add(key, value(bare(json))), named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "secret; \"\"; secret",
                "secret; null; secret",
                "privateKey; OWN_OPEN_KEY; privateKey",
                "privateKey; \"\"; privateKey",
                "privateKey; \"abc\"; privateKey",
                "platformPublicKey; OWN_OPEN_KEY; platformPublicKey",
                "platformPublicKey; OWN_KEY; platformPublicKey",
                "platformPublicKey; \"\"; platformPublicKey",
                "keyVersion; \"v1\"; keyVersion",
                "keyVersion; {}; keyVersion",
                "salt; SALT; salt",
                "token; \"douyin_mini_token\"; token",
                "sandbox; true; sandbox",
                "dialect; \"ecpay\"; privateKey",
                "requestOrder; []; requestOrder",
                "requestOrder; \"{}\"; requestOrder",
                "requestOrder; {\"outOrderNo\":\"1\"}; requestOrder.outOrderNo",
                "requestOrder; {\"totalAmount\":1}; requestOrder.totalAmount",
                "requestOrder; {\"payExpireSeconds\":1}; requestOrder.payExpireSeconds",
                "requestOrder; {\"payNotifyUrl\":\"https://x.example\"}; requestOrder.payNotifyUrl",
                "requestOrder; {\"currency\":\"USD\"}; requestOrder.currency",
                "requestOrder; {\"skuAttr\":null}; requestOrder.skuAttr",
                "requestOrder; {\"skuList\":{}}; requestOrder.skuList",
                "requestOrder; {\"skuList\":[]}; requestOrder.skuList",
                "requestOrder; {\"skuList\":[1]}; requestOrder.skuList",
                "requestOrder; {\"skuList\":[{},{}]}; requestOrder.skuList",
                "requestOrder; {\"skuList\":[{\"price\":1}]}; requestOrder.skuList[0].price",
                "requestOrder; {\"skuList\":[{\"quantity\":1}]}; requestOrder.skuList[0].quantity",
                "requestOrder; {\"skuList\":[{\"title\":\"x\"}]}; requestOrder.skuList[0].title",
                "requestOrder; {\"skuList\":[{\"skuId\":1}]}; requestOrder.skuList[0].skuId",
                "requestOrder; {\"skuList\":[{\"imageList\":[]}]}; requestOrder.skuList[0].imageList",
                "requestOrder; {\"orderEntrySchema\":\"pages/order\"}; requestOrder.orderEntrySchema",
                "requestOrder; {\"orderEntrySchema\":{}}; requestOrder.orderEntrySchema",
                "requestOrder; {\"skuList\":[{\"type\":\"401\"}]}; requestOrder.skuList[0].type",
                "requestOrder; {\"skuList\":[{\"tagGroupId\":1}]}; requestOrder.skuList[0].tagGroupId",
                "requestOrder; {\"merchantUid\":\"7 4\"}; requestOrder.merchantUid",
                "requestOrder; {\"merchantUid\":7374}; requestOrder.merchantUid"
            })
    void of_the_trade_system_refuses(String key, String json, String named) {
        refuses(DouyinWire.node(Dialect.TRADE).add(key, value(bare(json))), named);
    }

    private void refuses(JsonObjectBuilder node, String named) {
        assertThatThrownBy(() -> provider.check(settings(node))).isInstanceOfSatisfying(WrongNodeValue.class, wrong -> {
            assertThat(wrong.sentence().zh()).startsWith(named + " ").containsPattern("\\p{IsHan}");
            assertThat(wrong.sentence().en()).startsWith(named + " ").doesNotContain(DouyinWire.SECRET);
        });
    }

    @Test
    void may_leave_out_what_Douyin_does_not_need() {
        var ecpay = DouyinWire.node(Dialect.ECPAY).remove("mchId").remove("secret");
        var trade = DouyinWire.node(Dialect.TRADE)
                .remove("mchId")
                .remove("dialect")
                .remove("requestOrder")
                .add("keyVersion", 2);
        var settings = settings(trade);

        assertThatCode(() -> provider.check(settings(ecpay))).doesNotThrowAnyException();
        var account = DouyinAccount.of(settings);
        assertThat(account.dialect()).isEqualTo(Dialect.TRADE);
        assertThat(account.keys().orElseThrow().version()).isEqualTo("2");
        assertThat(account.settleAfterDays()).isEmpty();
        assertThat(account.settleDescription()).isEqualTo("结算");
        assertThat(provider.identity(settings)).isEqualTo(new Identity(DouyinWire.APP_ID, DouyinWire.APP_ID));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "365, 365", "'\"7\"', 7", "7.0, 7"})
    void may_say_after_how_many_days_it_is_settled(String json, int days) {
        assertThat(provider.settleAfterDays(
                        settings(DouyinWire.node(Dialect.ECPAY).add("settleAfterDays", value(json)))))
                .hasValue(days);
    }

    @Test
    void has_a_description_of_80_characters_at_most() {
        refuses(DouyinWire.node(Dialect.ECPAY).add("settleDescription", "结".repeat(81)), "settleDescription");
        assertThat(DouyinAccount.of(settings(DouyinWire.node(Dialect.ECPAY).add("settleDescription", "结".repeat(80))))
                        .settleDescription())
                .hasSize(80);
    }

    @Test
    void stays_the_same_account_when_its_merchant_number_is_added_later() {
        assertThat(DouyinAccount.of(settings(DouyinWire.node(Dialect.ECPAY).add("mchId", 7374L)))
                        .mchId())
                .isEqualTo("7374");
        assertThat(provider.identity(settings(DouyinWire.node(Dialect.ECPAY).add("mchId", 7374L))))
                .isEqualTo(provider.identity(
                        settings(DouyinWire.node(Dialect.ECPAY).remove("mchId"))))
                .isEqualTo(new Identity(DouyinWire.APP_ID, DouyinWire.APP_ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"salt", "token"})
    void with_keys_of_both_dialects_must_say_which_it_speaks(String name) {
        var node = DouyinWire.node(Dialect.TRADE).remove("dialect").add(name, DouyinWire.SALT);
        assertThatThrownBy(() -> provider.check(settings(node)))
                .isInstanceOfSatisfying(
                        WrongNodeValue.class,
                        wrong -> assertThat(wrong.sentence().en()).contains("both dialects", "say which in dialect"));
    }

    @Test
    void of_the_trade_system_may_be_paid_late() {
        assertThat(provider.mayBeginLate("trade")).isTrue();
        assertThat(provider.mayBeginLate("trade 71")).isTrue();
        assertThat(provider.mayBeginLate("ecpay")).isFalse();
        assertThat(provider.mayBeginLate("")).isFalse();
    }

    @Test
    void calls_Douyin_where_its_dialect_is_unless_it_names_another_gateway() {
        var own = URI.create("http://127.0.0.1:8090/simulator/douyin");

        assertThat(DouyinAccount.of(settings(DouyinWire.node(Dialect.ECPAY))).gateway())
                .isEqualTo("https://developer.toutiao.com");
        assertThat(DouyinAccount.of(settings(DouyinWire.node(Dialect.ECPAY).add("sandbox", true)))
                        .gateway())
                .isEqualTo("https://open-sandbox.douyin.com");
        assertThat(DouyinAccount.of(settings(DouyinWire.node(Dialect.TRADE))).gateway())
                .isEqualTo("https://open.douyin.com");
        for (var dialect : Dialect.values()) {
            assertThat(DouyinAccount.of(settings(DouyinWire.node(dialect).build(), own))
                            .gateway())
                    .isEqualTo(own.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void never_shows_its_keys(Dialect dialect) {
        var account = DouyinAccount.of(settings(DouyinWire.node(dialect)));

        assertThat(account + " " + account.keys()).doesNotContain(new DouyinWire(dialect).secrets());
    }

    @Test
    void calls_about_an_attempt_stay_in_its_environment() {
        var settings = settings(DouyinWire.node(Dialect.ECPAY));
        var sandbox = settings(DouyinWire.node(Dialect.ECPAY).add("sandbox", true));

        assertThat(provider.environment(settings)).isEqualTo("ecpay");
        var payer = new Payer("", "", Payer.Screen.APP);
        assertThat(provider.variant(settings, DouyinProvider.MINI_PROGRAM, payer))
                .isNotEqualTo(provider.variant(sandbox, DouyinProvider.MINI_PROGRAM, payer));
        assertThat(provider.environment(sandbox)).isEqualTo("ecpay-sandbox");
        assertThat(provider.environment(settings(DouyinWire.node(Dialect.TRADE))))
                .isEqualTo("trade");
        assertThat(DouyinProvider.account(settings, attempt("ecpay-sandbox")).gateway())
                .isEqualTo("https://open-sandbox.douyin.com");
        assertThat(DouyinProvider.account(sandbox, attempt("ecpay")).gateway())
                .isEqualTo("https://developer.toutiao.com");
        assertThat(DouyinProvider.account(sandbox, attempt("")).gateway()).isEqualTo("https://open-sandbox.douyin.com");
    }

    @Test
    void an_attempt_of_the_other_dialect_is_not_called_about() {
        assertThatThrownBy(() -> provider.query(settings(DouyinWire.node(Dialect.TRADE)), attempt("ecpay")))
                .isInstanceOfSatisfying(ProviderFailure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ProviderFailure.Kind.DECLINED);
                    assertThat(failure.providerCode()).isEqualTo("dialect");
                });
    }

    private static AttemptRef attempt(String environment) {
        return new AttemptRef(DouyinProvider.MINI_PROGRAM, "T1", SubMerchant.NONE, "", "", environment);
    }
}
