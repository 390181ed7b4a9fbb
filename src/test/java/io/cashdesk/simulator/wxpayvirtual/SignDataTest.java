package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the phone accepts as {@code signData}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SignDataTest {
    private static final String GOODS_DATA =
            "{\"offerId\":\"1482711137\",\"buyQuantity\":2,\"env\":0,\"currencyType\":\"CNY\",\"productId\":\"gems\","
                    + "\"goodsPrice\":600,\"outTradeNo\":\"T1234567\",\"attach\":\"a\"}";

    private static final String COIN_DATA =
            "{\"offerId\":\"1482711137\",\"buyQuantity\":30,\"currencyType\":\"CNY\",\"outTradeNo\":\"T1234567\","
                    + "\"attach\":\"\"}";

    @Test
    void goods_cost_their_price_times_their_number() {
        var data = SignData.read(SignData.GOODS, GOODS_DATA);

        assertThat(data.amount(7)).isEqualTo(1200);
        assertThat(data.productId()).isEqualTo("gems");
        assertThat(data.attach()).isEqualTo("a");
    }

    @Test
    void coins_cost_a_hundred_fen_divided_by_the_rate() {
        var data = SignData.read(SignData.COINS, COIN_DATA);

        assertThat(data.env()).isZero();
        assertThat(data.amount(100)).isEqualTo(30);
        assertThat(data.amount(10)).isEqualTo(300);
        assertThat(data.amount(300)).isEqualTo(10);
        assertThat(catchThrowableOfType(ClientRefusal.class, () -> data.amount(7)))
                .extracting(ClientRefusal::errCode)
                .isEqualTo(-15001);
    }

    @Test
    void a_promotion_costs_at_least_40_percent() {
        var data = SignData.read(SignData.GOODS, GOODS_DATA.replace("\"env\"", "\"activitySellingPrice\":240,\"env\""));

        assertThat(data.amount(100)).isEqualTo(480);
        assertThat(data.goodsPrice()).isEqualTo(600);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"offerId\":\"1482711137\" | \"offerId\":1482711137 | -15016",
                "\"offerId\":\"1482711137\", | `` | -15001",
                "\"buyQuantity\":2 | \"buyQuantity\":\"2\" | -15016",
                "\"buyQuantity\":2 | \"buyQuantity\":2.5 | -15016",
                "\"buyQuantity\":2 | \"buyQuantity\":0 | -15001",
                "\"buyQuantity\":2, | `` | -15001",
                "\"env\":0 | \"env\":\"0\" | -15016",
                "\"env\":0 | \"env\":2 | -15001",
                "\"CNY\" | \"USD\" | -15004",
                "\"currencyType\":\"CNY\", | `` | -15001",
                "\"productId\":\"gems\", | `` | -15001",
                "\"productId\":\"gems\" | \"productId\":7 | -15016",
                "\"goodsPrice\":600 | \"goodsPrice\":\"600\" | -15016",
                "\"goodsPrice\":600, | `` | -15001",
                "T1234567 | T123456 | -15001",
                "T1234567 | _T1234567 | -15001",
                "T1234567 | T123456789012345678901234567890123 | -15001",
                "T1234567 | T123.4567 | -15001",
                "\"attach\":\"a\" | \"attach\":1 | -15016",
                ",\"attach\":\"a\" | `` | -15001",
                "\"attach\":\"a\" | \"attach\":\"a\",\"platform\":\"ios\" | -15001",
                "\"env\":0 | \"env\":0,\"activitySellingPrice\":239 | -15001",
                "\"env\":0 | \"env\":0,\"activitySellingPrice\":601 | -15001",
                "\"attach\":\"a\"} | \"attach\":\"a\" | -15016",
            })
    void anything_else_is_refused_with_its_code(String from, String to, int errCode) {
        var changed = GOODS_DATA.replace(from, to);
        assertThat(changed).isNotEqualTo(GOODS_DATA);

        assertThat(refusal(SignData.GOODS, changed)).isEqualTo(errCode);
    }

    @Test
    void the_mode_is_one_of_two() {
        assertThat(refusal("short_series", COIN_DATA)).isEqualTo(-15001);
        assertThat(refusal(SignData.GOODS, COIN_DATA)).isEqualTo(-15001);
    }

    private static int refusal(String mode, String text) {
        return catchThrowableOfType(ClientRefusal.class, () -> SignData.read(mode, text))
                .errCode();
    }
}
