package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may add to a payment, in {@code other} and beside it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayInputTest {
    private static final String PAGE = "alipay_h5";
    private static final SubMerchant PARTNER = new SubMerchant("", "", "202601BBtoken");

    private final AlipayProvider provider = new AlipayProvider();

    private void check(CallerInput input) {
        check("{\"appId\":\"2021000000000001\",\"mchId\":\"2088000000000002\",\"website\":true}", input);
    }

    private void check(String node, CallerInput input) {
        var settings = new AccountSettings(
                UUID.randomUUID(),
                1,
                provider.name(),
                "h5",
                json(node),
                URI.create("https://alipay.example/gateway.do"));
        provider.checkInput(settings, input);
    }

    private static CallerInput other(String payType, String other) {
        return input(payType, "", SubMerchant.NONE, Optional.empty(), "", other);
    }

    private static CallerInput input(
            String payType, String openid, SubMerchant sub, Optional<PaymentCode> code, String back, String other) {
        return new CallerInput(
                PayType.of(payType),
                new Payer("203.0.113.7", openid, Payer.Screen.PC),
                sub,
                code,
                back.isEmpty() ? Optional.empty() : Optional.of(URI.create(back)),
                json(other));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static void refused(ThrowingCallable call, ProblemType type, String name) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type))
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out_trade_no",
                "total_amount",
                "subject",
                "time_expire",
                "auth_code",
                "scene",
                "app_id",
                "method",
                "sign",
                "sign_type",
                "charset",
                "timestamp",
                "version",
                "format",
                "notify_url",
                "return_url",
                "app_auth_token",
                "biz_content",
                "app_cert_sn",
                "alipay_root_cert_sn",
                "timeout_express",
                "qr_code_timeout_express"
            })
    void what_we_set_ourselves_cannot_be_replaced_in_any_product(String key) {
        for (var payType : new String[] {PAGE, "alipay_mp-alipay", "alipay_app-plus", "alipay_codepay"}) {
            refused(() -> check(other(payType, "{\"" + key + "\":\"1\"}")), ProblemType.OTHER_RESERVED, "other." + key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"product_code\":\"QUICK_WAP_WAY\"}",
                "{\"extend_params\":{\"sys_service_provider_id\":\"2088511833207846\"},\"body\":\"a/b=c&d\"}",
                "{\"goods_detail\":[{\"goods_id\":\"1\",\"goods_name\":\"瓶/箱\",\"quantity\":1,\"price\":9.9}]}",
                "{\"store_id\":\"12345678901234567890123456789012\"}",
                "{\"seller_id\":\"2088000000000002\"}",
                "{}"
            })
    void all_else_is_accepted(String other) {
        assertThatCode(() -> check(other(PAGE, other))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"buyer_id", "buyer_open_id", "op_buyer_open_id", "buyer_logon_id"})
    void the_payer_is_named_once(String name) {
        var other = "{\"" + name + "\":\"2088000000000003\"}";

        refused(
                () -> check(input("alipay_mp-alipay", "0abc", SubMerchant.NONE, Optional.empty(), "", other)),
                ProblemType.OTHER_RESERVED,
                "other." + name);
        assertThatCode(() -> check(input("alipay_mp-alipay", "", PARTNER, Optional.empty(), "", other)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_service_providers_mini_program_is_given_whole_in_other() {
        var other = "{\"product_code\":\"JSAPI_PAY\",\"op_app_id\":\"2021000000000077\",\"op_buyer_open_id\":\"0abc\"}";

        assertThatCode(() -> check(input("alipay_mp-alipay", "", PARTNER, Optional.empty(), "", other)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_store_is_named_once() {
        var code = Optional.of(new PaymentCode("280000000000000001", "001"));

        refused(
                () -> check(input("alipay_codepay", "", SubMerchant.NONE, code, "", "{\"store_id\":\"002\"}")),
                ProblemType.OTHER_RESERVED,
                "other.store_id");
    }

    @Test
    void a_store_is_named_in_other_if_the_call_names_none() {
        var code = Optional.of(new PaymentCode("280000000000000001", ""));

        assertThatCode(() -> check(input("alipay_codepay", "", SubMerchant.NONE, code, "", "{\"store_id\":\"001\"}")))
                .doesNotThrowAnyException();
    }

    @Test
    void another_seller_than_the_nodes_is_refused_unless_a_token_says_whose_it_is() {
        var other = "{\"seller_id\":\"2088000000000009\"}";

        refused(() -> check(other(PAGE, other)), ProblemType.FIELD, "other.seller_id");
        assertThatCode(() -> check(input(PAGE, "", PARTNER, Optional.empty(), "", other)))
                .doesNotThrowAnyException();
        assertThatCode(() -> check("{\"appId\":\"2021000000000001\"}", other(PAGE, other)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"store_id\":\"#33\"}; other.store_id",
                "{\"operator_id\":\"#29\"}; other.operator_id",
                "{\"terminal_id\":\"#33\"}; other.terminal_id",
                "{\"merchant_order_no\":\"#33\"}; other.merchant_order_no",
                "{\"passback_params\":\"#513\"}; other.passback_params",
                "{\"body\":\"#401\"}; other.body",
                "{\"quit_url\":\"#401\"}; other.quit_url",
                "{\"goods_detail\":[{\"goods_name\":\"#256\"},{\"goods_name\":\"#257\"}]}; other.goods_detail[1].goods_name",
                "{\"extend_params\":{\"hb_fq_num\":\"#6\"}}; other.extend_params.hb_fq_num",
            })
    void a_text_that_must_not_be_shortened_is_refused_by_its_name(String other, String name) {
        refused(() -> check(other(PAGE, filled(other))), ProblemType.FIELD, name);
    }

    /** Each {@code #n} becomes a text of n characters. */
    private static String filled(String other) {
        return Pattern.compile("#(\\d+)").matcher(other).replaceAll(m -> "茶".repeat(Integer.parseInt(m.group(1))));
    }

    @Test
    void a_website_takes_an_address_of_256_characters_to_go_back_to() {
        var back = "https://shop.example/" + "a".repeat(235);

        assertThatCode(() -> check(input(PAGE, "", SubMerchant.NONE, Optional.empty(), back, "{}")))
                .doesNotThrowAnyException();
        refused(
                () -> check(input(PAGE, "", SubMerchant.NONE, Optional.empty(), back + "b", "{}")),
                ProblemType.FIELD,
                "data.return_url");
        assertThatCode(() -> check(
                        "{\"appId\":\"2021000000000001\"}",
                        input(PAGE, "", SubMerchant.NONE, Optional.empty(), back + "b", "{}")))
                .as("a code on a screen has no address to go back to")
                .doesNotThrowAnyException();
    }
}
