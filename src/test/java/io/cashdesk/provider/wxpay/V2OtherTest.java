package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static io.cashdesk.provider.wxpay.WxpayRequests.SUB_WITH_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may add to requests of API v2, and how long the texts of a call may be. */
class V2OtherTest extends WireTest<V2Wire> {
    V2OtherTest() {
        super(new V2Wire());
    }

    private WxpayOther calls() {
        return new WxpayOther(wire.provider(), account());
    }

    /** With single quotes instead of double ones, and ^ instead of double ones inside of a text. */
    private static JsonObject other(String text) {
        return json(text.replace('\'', '"').replace("^", "\\\""));
    }

    private static String node(Product product) {
        return product.payType().toString().substring("wxpay_".length());
    }

    private Map<String, String> sent(PaymentRequest request, String storeId) {
        server.answers(V2Wire.answer(V2Wire.reply(
                "trade_type", "X", "prepay_id", "p", "code_url", "c", "mweb_url", "https://wx.tenpay.com/?p=1")));
        if (Product.of(request.payType()) == Product.PAYMENT_CODE) {
            failure(() -> wire.provider().collect(account(), request, new PaymentCode("130000000000000001", storeId)));
        } else {
            create(account(), request);
        }
        return V2Wire.sent(lastRequest());
    }

    private Map<String, String> sent(Product product, String given, String storeId) {
        calls().accepts(node(product), other(given));
        return sent(WxpayRequests.of(product.payType().toString(), SUB, other(given)), storeId);
    }

    // merging

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'scene_info':{'store_info':{'id':'S1'}}}",
                "{'scene_info':'{^store_info^:{^id^:^S1^}}'}",
            })
    void a_scene_stays_beside_the_page_as_an_object_and_as_a_text(String given) {
        assertThat(sent(Product.MOBILE_PAGE, given, ""))
                .containsEntry("scene_info", "{\"h5_info\":{\"type\":\"Wap\"},\"store_info\":{\"id\":\"S1\"}}");
        assertThat(sent(Product.NATIVE, given, "")).containsEntry("scene_info", "{\"store_info\":{\"id\":\"S1\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'scene_info':{'store_info':{'name':'N'}}}",
                "{'scene_info':'{^store_info^:{^name^:^N^}}'}",
            })
    void a_code_payment_keeps_its_store(String given) {
        assertThat(sent(Product.PAYMENT_CODE, given, "S7"))
                .containsEntry("scene_info", "{\"store_info\":{\"id\":\"S7\",\"name\":\"N\"}}");
    }

    @Test
    void the_page_and_the_product_number_can_be_replaced() {
        assertThat(sent(Product.MOBILE_PAGE, "{'scene_info':{'h5_info':{'type':'IOS'}}}", ""))
                .containsEntry("scene_info", "{\"h5_info\":{\"type\":\"IOS\"}}");
        assertThat(sent(Product.NATIVE, "{'product_id':'P1'}", "")).containsEntry("product_id", "P1");
    }

    // what cannot be replaced

    @ParameterizedTest
    @ValueSource(
            strings = {
                "appid",
                "mch_id",
                "sub_appid",
                "sub_mch_id",
                "openid",
                "sub_openid",
                "nonce_str",
                "sign",
                "sign_type",
                "body",
                "out_trade_no",
                "total_fee",
                "fee_type",
                "notify_url",
                "trade_type",
                "time_start",
                "time_expire",
                "spbill_create_ip",
                "auth_code",
                "amount",
                "description"
            })
    void what_we_set_is_refused_by_name_for_every_product(String name) {
        for (var product : Product.values()) {
            calls().refuses(node(product), other("{'" + name + "':'1'}"), ProblemType.OTHER_RESERVED, "other." + name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'scene_info':{'store_info':{'id':'S2'}}}",
                "{'scene_info':'{^store_info^:{^id^:^S2^}}'}",
            })
    void the_store_of_a_code_payment_comes_from_store_id(String given) {
        calls().refuses("codepay", other(given), ProblemType.OTHER_RESERVED, "other.scene_info.store_info.id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "mweb; {'scene_info':'x'}; other.scene_info",
                "mweb; {'scene_info':['x']}; other.scene_info",
                "mweb; {'scene_info':{'h5_info':'x'}}; other.scene_info.h5_info",
                "codepay; {'scene_info':{'store_info':'x'}}; other.scene_info.store_info",
                "h5; {'goods_tag':null}; other.goods_tag",
                "h5; {'detail':{'goods_detail':[{'goods_name':null}]}}; other.detail.goods_detail[0].goods_name",
            })
    void an_object_stays_an_object_and_null_is_refused(String product, String given, String named) {
        calls().refuses(product, other(given), ProblemType.FIELD, named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":%s",
                "{\"store_info\":{\"id\":\"\\ud800\"}}",
                "{\"a\":\"\\u0000\"}",
                "{} rubbish",
                "{}{}",
                "[]"
            })
    void a_scene_as_a_text_is_read_as_strictly_as_a_body(String text) {
        var scene = Json.createObjectBuilder().add("scene_info", text.formatted("[".repeat(5_000)));

        calls().refuses("h5", scene.build(), ProblemType.FIELD, "");
    }

    // lengths

    @ParameterizedTest
    @CsvSource({
        "attach, 127",
        "goods_tag, 32",
        "device_info, 32",
        "product_id, 32",
        "limit_pay, 32",
        "detail, 6000",
        "receipt, 8",
        "profit_sharing, 1"
    })
    void a_text_is_accepted_up_to_its_limit_and_refused_beyond(String name, int most) {
        var inBytes = name.equals("attach");
        var fits = inBytes ? "茶".repeat(most / 3) + "a".repeat(most % 3) : "茶".repeat(most - 1) + "🍵";

        calls().accepts("h5", Json.createObjectBuilder().add(name, fits).build());
        calls().refuses(
                        "h5",
                        Json.createObjectBuilder().add(name, fits + "a").build(),
                        ProblemType.FIELD,
                        "other." + name);
    }

    @Test
    void scene_info_is_counted_with_what_we_add() {
        var longest = "{'scene_info':{'store_info':{'name':'%s'}}}";
        var room = 256 - "{\"store_info\":{\"name\":\"\"}}".length();

        calls().accepts("h5", other(longest.formatted("茶".repeat(room))));
        calls().refuses("h5", other(longest.formatted("茶".repeat(room + 1))), ProblemType.FIELD, "other.scene_info");
        calls().refuses("mweb", other(longest.formatted("茶".repeat(room))), ProblemType.FIELD, "other.scene_info");
        calls().refusesTexts("codepay", SubMerchant.NONE, "", "茶".repeat(240), "data.store_id");
    }

    @Test
    void the_other_texts_of_a_call_are_checked_too() {
        calls().refusesTexts("mp-weixin", SubMerchant.NONE, "茶".repeat(129), "", "data.openid");
        calls().refusesTexts("mp-weixin", SUB_WITH_APP, "o".repeat(129), "", "data.openid");
        calls().refusesTexts("h5", new SubMerchant("1".repeat(33), "", ""), "", "", "data.sub_mchid");
        calls().refusesTexts("h5", new SubMerchant("1", "w".repeat(33), ""), "", "", "data.sub_appid");
    }

    @ParameterizedTest
    @EnumSource
    void a_title_is_shortened_to_128_bytes_after_a_whole_character(Product product) {
        var title = "茶".repeat(42) + "🍵";

        assertThat(sent(WxpayRequests.of(product.payType().toString(), SUB, title), ""))
                .containsEntry("body", "茶".repeat(42));
    }

    @Test
    void what_xml_cannot_contain_is_not_counted() {
        var title = "\u0001".repeat(9) + "a".repeat(128);

        assertThat(sent(WxpayRequests.of("wxpay_h5", SubMerchant.NONE, title), ""))
                .containsEntry("body", "a".repeat(128));
        assertThat(sent(WxpayRequests.of("wxpay_h5", SubMerchant.NONE, "\uFFFE"), ""))
                .containsEntry("body", NUMBER);
    }

    @Test
    void a_page_that_is_too_long_or_malformed_is_refused_when_the_node_is_saved() {
        var tooLong = Json.createObjectBuilder().add("wap_name", "茶".repeat(240));
        for (var scene : new JsonObject[] {
            Json.createObjectBuilder().add("h5_info", tooLong).build(),
            Json.createObjectBuilder().add("h5_info", "Wap").build(),
            other("{'h5_info':{'wap_name':1}}")
        }) {
            var node = Json.createObjectBuilder(wire.node()).add("sceneInfo", scene);

            assertThat(catchThrowable(() -> wire.provider().check(account(node.build()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sceneInfo");
        }
    }
}
