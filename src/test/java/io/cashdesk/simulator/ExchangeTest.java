package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.page.Messages;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExchangeTest {
    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void everything_that_a_line_can_say_has_a_message(String language) {
        var locale = Locale.forLanguageTag(language);
        for (var way : Exchange.Way.values()) {
            assertThat(Messages.text(locale, "simulator.way." + way, "Maple")).contains("Maple");
        }
        for (var verdict : Exchange.Verdict.values()) {
            assertThat(Messages.text(locale, "simulator.verdict." + verdict)).isNotBlank();
        }
        for (var event : Exchange.Event.values()) {
            assertThat(Messages.text(locale, "simulator.event." + event, "9.90"))
                    .isNotBlank();
        }
        for (var group : Fault.Group.values()) {
            assertThat(Messages.text(locale, "simulator.group." + group)).isNotBlank();
        }
        for (var state : OrdersPage.STATES) {
            assertThat(Messages.text(locale, "simulator.state." + state)).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"auth_code\":\"134567890123456789\"} | {\"auth_code\":\"13…\"}",
                "{\"auth_code\" : \"134567890123456789\"} | {\"auth_code\" : \"13…\"}",
                "<auth_code>134567890123456789</auth_code> | <auth_code>13…</auth_code>",
                "<auth_code><![CDATA[134567890123456789]]></auth_code> | <auth_code><![CDATA[13…]]></auth_code>",
                "app_auth_token: 201901BB1234567890 | app_auth_token: 20…",
                "{\"out_trade_no\":\"134567890123456789\"} | {\"out_trade_no\":\"134567890123456789\"}"
            })
    void payment_codes_and_tokens_are_shortened(String text, String logged) {
        assertThat(ExchangeLog.withoutSecrets(text)).isEqualTo(logged);
    }

    @Test
    void a_fault_makes_a_signature_forged() {
        var line = Exchange.of(null, "T1", Exchange.Way.ANSWER, "");

        assertThat(line.signed(null).verdict()).isEqualTo(Exchange.Verdict.SIGNED);
        assertThat(line.signed(CommonFault.ANSWER_BADLY_SIGNED).verdict()).isEqualTo(Exchange.Verdict.FORGED);
        assertThat(line.signed(CommonFault.ANSWER_BADLY_SIGNED).why()).isEqualTo("ANSWER_BADLY_SIGNED");
        assertThat(line.headers(Map.of("Wechatpay-Nonce", "n")).headers()).isEqualTo("Wechatpay-Nonce: n");
    }

    @Test
    void a_wallet_is_topped_up_only_for_an_amount_above_the_balance() {
        assertThat(Payers.topUp(Payers.START, Payers.START)).isZero();
        assertThat(Payers.topUp(Payers.START, Payers.START + 1)).isEqualTo(Payers.START + 1);
        assertThat(Payers.topUp(100, 990)).isEqualTo(990 + Payers.START - 100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"990 | 9.90", "5 | 0.05", "100000 | 1,000.00", "100000000 | 1,000,000.00", "-100000 | -1,000.00"})
    void amounts_are_grouped(long fen, String text) {
        assertThat(Yuan.grouped(fen)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, ACKNOWLEDGED, ✓",
        "false, false, true, REFUSED, ✗",
        "false, false, false, REFUSED_LAST, ✗",
        "false, true, true, REFUSED_FORGED, ✓",
        "false, true, false, REFUSED_FORGED, ✓",
        "true, true, false, ACCEPTED_FORGED, ✗"
    })
    void a_merchant_must_refuse_what_is_signed_wrongly(
            boolean acknowledged, boolean forged, boolean repeated, Exchange.Verdict verdict, String mark) {
        assertThat(Exchange.Verdict.ofAnswer(acknowledged, forged, repeated)).isEqualTo(verdict);
        assertThat(verdict.mark()).isEqualTo(mark);
    }

    @Test
    void reasons_in_the_simulators_own_words_are_in_the_language_of_the_page() {
        var missing = Exchange.reason("MISSING", "isv.missing-app-id", "app-id");

        assertThat(Exchange.reasonIn(Exchange.MISMATCH, Locale.CHINESE)).contains("签名与内容不符");
        assertThat(Exchange.reasonIn(Exchange.MISMATCH, Locale.ENGLISH))
                .contains("the signature does not match the content");
        assertThat(Exchange.reasonIn(missing, Locale.CHINESE)).contains("isv.missing-app-id：缺少 app-id");
        assertThat(Exchange.reasonIn(missing, Locale.ENGLISH)).contains("isv.missing-app-id: app-id is missing");
        assertThat(Exchange.reasonIn("ACQ.SYSTEM_ERROR", Locale.ENGLISH)).isEmpty();
    }

    @Test
    void every_verdict_has_a_text_in_both_languages() {
        for (var verdict : Exchange.Verdict.values()) {
            for (var language : List.of(Locale.CHINESE, Locale.ENGLISH)) {
                assertThat(Messages.text(language, "simulator.verdict." + verdict))
                        .isNotBlank();
            }
        }
    }
}
