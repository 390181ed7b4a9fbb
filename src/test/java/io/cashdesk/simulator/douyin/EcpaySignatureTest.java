package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Ecpay's signatures, compared with vectors that were made without this code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EcpaySignatureTest {
    private static final String SALT = "oDxWDBr4U7FAAQ8hnGDm29i4A6pbTMDKme4WLLvA";

    private static JsonObjectBuilder official() {
        return Json.createObjectBuilder()
                .add("app_id", "tt07e3715e98c9aac0")
                .add("thirdparty_id", "anything")
                .add("out_order_no", "test-02167569xxxxxx")
                .add("total_amount", 2376)
                .add("subject", "test-payment_subject-test-paym...")
                .add("body", "强烈推荐！经典腊汁肉夹馍团购价仅需7.92元！")
                .add("valid_time", 172800)
                .add("notify_url", "https://www.xxx.com")
                .add("disable_msg", 0)
                .add("msg_page", "pages/user/orderDetail/orderDetail?id=997979879879879879");
    }

    private static String official(JsonObject body) {
        return EcpaySignature.ofRequest(body, "your_payment_salt");
    }

    @Test
    void a_request_is_signed_as_in_the_platforms_example() {
        assertThat(official(official().build())).isEqualTo("54f102e7115f8a6a3e6af4633dc33959");
    }

    @Test
    void requests_are_signed_as_in_the_vectors() {
        var query = Json.createObjectBuilder()
                .add("app_id", "tt226e54d3bd581bf801")
                .add("out_order_no", "202406100423024876");
        var refund = Json.createObjectBuilder()
                .add("app_id", "tt226e54d3bd581bf801")
                .add("out_refund_no", "202408040747147327");
        var create = Json.createObjectBuilder()
                .add("out_order_no", "T202601010001")
                .add("total_amount", 1)
                .add("subject", "测试商品 A")
                .add("body", "测试商品 A 详情")
                .add("valid_time", 600)
                .add("notify_url", "https://merchant.example/notify/douyin");

        assertThat(EcpaySignature.ofRequest(query.build(), SALT)).isEqualTo("7517fb55db55327c396e5b7c9cb1be31");
        assertThat(EcpaySignature.ofRequest(refund.build(), SALT)).isEqualTo("fa6511979b1185cf98df2538f63ee1a3");
        assertThat(EcpaySignature.ofRequest(create.build(), SALT)).isEqualTo("626ae24bbae13cd1e525c0b836c0422a");
    }

    @Test
    void what_is_empty_or_null_or_not_signed_changes_nothing() {
        var more = official()
                .add("cp_extra", "")
                .add("store_uid", " \"\" ")
                .add("limit_pay_way", JsonValue.NULL)
                .add("sign", "0")
                .add("other_settle_params", "[]")
                .build();

        assertThat(official(more)).isEqualTo("54f102e7115f8a6a3e6af4633dc33959");
    }

    @Test
    void spaces_and_one_pair_of_quotes_around_a_value_are_not_signed() {
        var quoted =
                official().add("out_order_no", " \" test-02167569xxxxxx \" ").build();

        assertThat(official(quoted)).isEqualTo("54f102e7115f8a6a3e6af4633dc33959");
    }

    @Test
    void a_zero_is_signed_and_an_unknown_member_too() {
        assertThat(official(official().remove("disable_msg").build())).isNotEqualTo("54f102e7115f8a6a3e6af4633dc33959");
        assertThat(official(official().add("something", "new").build()))
                .isNotEqualTo("54f102e7115f8a6a3e6af4633dc33959");
    }

    @Test
    void objects_and_lists_are_signed_as_go_prints_them() {
        var object = Json.createObjectBuilder()
                .add(
                        "x",
                        Json.createObjectBuilder()
                                .add("k2", Json.createArrayBuilder().add("a").add(1))
                                .add("k", "v"));
        var text = Json.createObjectBuilder().add("x", "map[k:v k2:[a 1]]");

        assertThat(EcpaySignature.ofRequest(object.build(), SALT))
                .isEqualTo(EcpaySignature.ofRequest(text.build(), SALT));
    }

    @Test
    void a_callback_is_signed_as_in_the_platforms_example() {
        assertThat(EcpaySignature.ofCallback("fdsifakhflasjfxxxxxxxxx", "1652675265", "9999", "80850852"))
                .isEqualTo("c9df04a40645c4ec15c13bc542cea589eac57e64");
    }

    @Test
    void a_callback_of_a_payment_is_signed_as_in_the_vector() {
        var msg =
                "{\"appid\":\"tt226e54d3bd581bf801\",\"cp_orderno\":\"202408041111312119\",\"cp_extra\":\"\",\"way\":\"2\","
                        + "\"channel_no\":\"\",\"channel_gateway_no\":\"\",\"payment_order_no\":\"\",\"out_channel_order_no\":\"\","
                        + "\"total_amount\":1,\"status\":\"SUCCESS\",\"seller_uid\":\"73744242495132490630\",\"extra\":\"\","
                        + "\"item_id\":\"\",\"paid_at\":1722769986,\"message\":\"\",\"order_id\":\"7398108028895054107\"}";

        assertThat(EcpaySignature.ofCallback("douyin_mini_token", "1722769986", "5280", msg))
                .isEqualTo("840bdf067c1d6056becfe88735c8ebb7e1ab809c");
    }

    @Test
    void an_empty_text_of_a_callback_is_left_out() {
        assertThat(EcpaySignature.ofCallback("token", "1", "", "m"))
                .isEqualTo(EcpaySignature.ofCallback("", "1", "token", "m"));
    }
}
