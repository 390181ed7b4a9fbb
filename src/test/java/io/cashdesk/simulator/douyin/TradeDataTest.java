package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.setting.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TradeDataTest {
    private final DouyinOrders orders = new DouyinOrders();

    @BeforeEach
    void installation() {
        orders.settings = new Settings(Map.of("CASHDESK_BASE_URL", "http://pay.example:8080")::get);
    }

    private TradeData read(String data) {
        return TradeData.read(data, orders);
    }

    @Test
    void the_data_of_the_vector_is_an_order() {
        var order = read(ByteAuthorizationTest.DATA);

        assertThat(order.number()).isEqualTo("T202601010001");
        assertThat(order.fen()).isEqualTo(1);
        assertThat(order.title()).isEqualTo("测试商品");
        assertThat(order.skuId()).isEqualTo("1");
        assertThat(order.life()).isEqualTo(Duration.ofMinutes(5));
        assertThat(order.notifyUrl()).isEqualTo("https://merchant.example/notify/douyin2");
        assertThat(order.hiddenWays()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"price\":1, | \"price\":2, | totalAmount",
                "\"quantity\":1, | \"quantity\":2, | totalAmount",
                "\"totalAmount\":1, | \"totalAmount\":\"1\", | totalAmount",
                "\"totalAmount\":1, | `` | totalAmount",
                "\"price\":1, | \"price\":0, | price",
                "\"price\":1, | \"price\":0.5, | price",
                "\"quantity\":1, | \"quantity\":101, | quantity",
                "\"quantity\":1, | `` | quantity",
                "\"skuId\":\"1\", | \"skuId\":1, | skuId",
                "\"title\":\"测试商品\", | `` | title",
                "\"https://merchant.example/a.png\" | \"a.png\" | imageList",
                "\"https://merchant.example/a.png\" | `` | imageList",
                "\"type\":401 | \"type\":\"401\" | type",
                ",\"tagGroupId\":\"tag_group_000000000000001\" | `` | tagGroupId",
                "\"outOrderNo\":\"T202601010001\" | \"outOrderNo\":\"T 1\" | outOrderNo",
                "\"payExpireSeconds\":300 | \"payExpireSeconds\":172801 | payExpireSeconds",
                "\"payExpireSeconds\":300 | \"payExpireSeconds\":\"300\" | payExpireSeconds",
                "https://merchant.example/notify/douyin2 | https://merchant.example:8443/n | payNotifyUrl",
                "https://merchant.example/notify/douyin2 | http://merchant.example/n | payNotifyUrl",
                "\"path\":\"pages/order\" | \"path\":\"/pages/order\" | path",
                "\"orderEntrySchema\" | \"entrySchema\" | orderEntrySchema",
                "{\\\"id\\\":\\\"T202601010001\\\"} | id=1 | params",
                "\"totalAmount\":1, | \"totalAmount\":1,\"currency\":\"DIAMOND\", | currency",
                "\"totalAmount\":1, | \"totalAmount\":1,\"limitPayWayList\":[3], | limitPayWayList",
                "\"totalAmount\":1, | \"totalAmount\":1,\"limitPayWayList\":1, | limitPayWayList"
            })
    void a_wrong_member_is_refused_by_its_name(String part, String instead, String named) {
        assertThat(ByteAuthorizationTest.DATA).contains(part);

        assertThatThrownBy(() -> read(ByteAuthorizationTest.DATA.replace(part, instead)))
                .isInstanceOfSatisfying(
                        DouyinRefusal.class, e -> assertThat(e.errNo).isEqualTo(DouyinRefusal.CLIENT_PARAMETER))
                .hasMessageContaining(named);
    }

    @Test
    void a_life_that_is_not_given_is_five_minutes_and_ways_can_be_hidden() {
        var order = read(ByteAuthorizationTest.DATA.replace(
                "\"payExpireSeconds\":300", "\"limitPayWayList\":[2],\"somethingNew\":{\"a\":1}"));

        assertThat(order.life()).isEqualTo(Duration.ofMinutes(5));
        assertThat(order.hiddenWays()).containsExactly(2);
    }

    @Test
    void callbacks_may_go_below_this_installations_own_address() {
        var own = "http://pay.example:8080/notify/douyin/1";

        assertThat(read(ByteAuthorizationTest.DATA.replace("https://merchant.example/notify/douyin2", own))
                        .notifyUrl())
                .isEqualTo(own);
        assertThat(read(ByteAuthorizationTest.DATA.replace(
                                "https://merchant.example/notify/douyin2", "https://merchant.example:443/n?a=1"))
                        .notifyUrl())
                .isEqualTo("https://merchant.example:443/n?a=1");
    }

    @Test
    void a_title_has_at_most_256_bytes() {
        assertThatThrownBy(() -> read(ByteAuthorizationTest.DATA.replace("测试商品", "茶".repeat(86))))
                .hasMessageContaining("title");
        assertThat(read(ByteAuthorizationTest.DATA.replace("测试商品", "茶".repeat(85)))
                        .title())
                .hasSize(85);
    }
}
