package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may add to requests of API v3, and how long the texts of a call may be. */
class V3OtherTest extends WireTest<V3Wire> {
    V3OtherTest() {
        super(new V3Wire(V3Wire.Keys.PUBLIC_KEY));
    }

    private WxpayOther calls() {
        return new WxpayOther(wire.provider(), account());
    }

    /** With single quotes instead of double ones. */
    private static JsonObject other(String text) {
        return json(text.replace('\'', '"'));
    }

    private JsonObject sent(String product, SubMerchant sub, String other) {
        server.answers(wire.answers(200, "{\"prepay_id\":\"p\",\"code_url\":\"c\",\"h5_url\":\"h\"}"));
        calls().accepts(product, other(other));
        create(account(), WxpayRequests.of("wxpay_" + product, sub, other(other)));
        return json(lastRequest().body());
    }

    private JsonObject collected(SubMerchant sub, String other) {
        server.answers(wire.answers(200, Recorded.text("wxpay/paid.json").replace("NATIVE", "MICROPAY")));
        calls().accepts("codepay", other(other));
        wire.provider()
                .collect(
                        account(),
                        WxpayRequests.of("wxpay_codepay", sub, other(other)),
                        new PaymentCode("130000000000000001", "S7"));
        return json(lastRequest().body());
    }

    // merging

    static Stream<SubMerchant> merchants() {
        return Stream.of(SubMerchant.NONE, SUB);
    }

    @ParameterizedTest
    @MethodSource("merchants")
    void a_store_stays_beside_the_payers_address_and_the_page(SubMerchant sub) {
        var scene = sent("mweb", sub, "{'scene_info':{'device_id':'d','store_info':{'id':'S1'}}}")
                .getJsonObject("scene_info");

        assertThat(scene)
                .isEqualTo(other("{'payer_client_ip':'203.0.113.7','h5_info':{'type':'Wap'},'device_id':'d',"
                        + "'store_info':{'id':'S1'}}"));
    }

    @ParameterizedTest
    @MethodSource("merchants")
    void the_page_can_be_replaced_in_part(SubMerchant sub) {
        var scene = sent("mweb", sub, "{'scene_info':{'h5_info':{'type':'iOS','bundle_id':'b'}}}")
                .getJsonObject("scene_info");

        assertThat(scene)
                .isEqualTo(other("{'payer_client_ip':'203.0.113.7','h5_info':{'type':'iOS','bundle_id':'b'}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h5", "mp-weixin", "h5-weixin", "app-plus"})
    void a_scene_has_the_payers_address_with_every_product(String product) {
        for (var sub : merchants().toList()) {
            assertThat(sent(product, sub, "{'scene_info':{'device_id':'d'}}").getJsonObject("scene_info"))
                    .isEqualTo(other("{'payer_client_ip':'203.0.113.7','device_id':'d'}"));
            assertThat(sent(product, sub, "{}")).doesNotContainKey("scene_info");
        }
    }

    @ParameterizedTest
    @MethodSource("merchants")
    void a_code_payment_keeps_its_store_and_address(SubMerchant sub) {
        var scene = collected(sub, "{'scene_info':{'device_id':'d','store_info':{'id':'W1'}}}")
                .getJsonObject("scene_info");

        assertThat(scene)
                .isEqualTo(other("{'device_ip':'203.0.113.7','store_info':{'out_id':'S7','id':'W1'},'device_id':'d'}"));
    }

    // what cannot be replaced

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'amount':{'total':1}}",
                "{'amount':1}",
                "{'out_trade_no':'X'}",
                "{'notify_url':'https://x.example'}",
                "{'appid':'wx1'}",
                "{'mchid':'1'}",
                "{'sp_appid':'wx1'}",
                "{'sp_mchid':'1'}",
                "{'sub_appid':'wx1'}",
                "{'sub_mchid':'1'}",
                "{'description':'x'}",
                "{'payer':{'openid':'o'}}",
                "{'payer':{'auth_code':'13'}}",
                "{'time_expire':'2026'}",
                "{'auth_code':'13'}",
                "{'total_fee':1}",
                "{'trade_type':'NATIVE'}",
                "{'body':'x'}",
                "{'time_expire':null}"
            })
    void what_we_set_is_refused_by_name_for_every_product(String given) {
        for (var product : Product.values()) {
            var other = other(given);
            var name = other.keySet().iterator().next();
            calls().refuses(node(product), other, ProblemType.OTHER_RESERVED, "other." + name);
        }
    }

    private static String node(Product product) {
        return product.payType().toString().substring("wxpay_".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"payer_client_ip", "device_ip"})
    void the_payers_address_is_refused_by_name(String name) {
        calls().refuses(
                        "mweb",
                        other("{'scene_info':{'" + name + "':'1.2.3.4'}}"),
                        ProblemType.OTHER_RESERVED,
                        "other.scene_info." + name);
    }

    @Test
    void the_store_of_a_code_payment_comes_from_store_id() {
        calls().refuses(
                        "codepay",
                        other("{'scene_info':{'store_info':{'out_id':'S2'}}}"),
                        ProblemType.OTHER_RESERVED,
                        "other.scene_info.store_info.out_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "mweb; {'scene_info':'x'}; other.scene_info",
                "mweb; {'scene_info':{'h5_info':'x'}}; other.scene_info.h5_info",
                "codepay; {'scene_info':{'store_info':'x'}}; other.scene_info.store_info",
                "h5; {'goods_tag':null}; other.goods_tag",
                "h5; {'detail':{'goods_detail':[{'goods_name':null}]}}; other.detail.goods_detail[0].goods_name",
                "h5; {'attach':5}; other.attach",
            })
    void an_object_stays_an_object_a_text_a_text_and_null_is_refused(String product, String given, String named) {
        calls().refuses(product, other(given), ProblemType.FIELD, named);
    }

    // lengths

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "h5; {'attach':'%s'}; 128; other.attach",
                "codepay; {'attach':'%s'}; 128; other.attach",
                "h5; {'goods_tag':'%s'}; 32; other.goods_tag",
                "mp-weixin; {'scene_info':{'device_id':'%s'}}; 32; other.scene_info.device_id",
                "mweb; {'scene_info':{'store_info':{'id':'%s'}}}; 32; other.scene_info.store_info.id",
                "mweb; {'scene_info':{'store_info':{'id':'1','name':'%s'}}}; 256; other.scene_info.store_info.name",
                "mweb; {'scene_info':{'store_info':{'address':'%s'}}}; 512; other.scene_info.store_info.address",
                "mweb; {'scene_info':{'h5_info':{'app_name':'%s'}}}; 64; other.scene_info.h5_info.app_name",
                "app-plus; {'detail':{'invoice_id':'%s'}}; 32; other.detail.invoice_id",
                "h5; {'detail':{'goods_detail':[{'goods_name':'%s'}]}}; 256; other.detail.goods_detail[0].goods_name",
            })
    void a_text_is_accepted_up_to_its_limit_and_refused_beyond(String product, String given, int most, String named) {
        var inBytes = named.equals("other.attach");
        var fits = inBytes ? "茶".repeat(most / 3) + "a".repeat(most % 3) : "茶".repeat(most - 1) + "🍵";

        calls().accepts(product, other(given.formatted(fits)));
        calls().refuses(product, other(given.formatted(fits + "a")), ProblemType.FIELD, named);
    }

    @Test
    void the_other_texts_of_a_call_are_checked_too() {
        calls().refusesTexts("codepay", SubMerchant.NONE, "", "茶".repeat(33), "data.store_id");
        calls().refusesTexts("mp-weixin", SubMerchant.NONE, "茶".repeat(129), "", "data.openid");
        calls().refusesTexts("mp-weixin", SUB, "o".repeat(129), "", "data.openid");
        calls().refusesTexts("h5", new SubMerchant("1".repeat(33), "", ""), "", "", "data.sub_mchid");
        calls().refusesTexts("h5", new SubMerchant("1", "w".repeat(33), ""), "", "", "data.sub_appid");
    }

    @ParameterizedTest
    @EnumSource
    void a_title_is_shortened_to_127_bytes_after_a_whole_character(Product product) {
        var title = "茶".repeat(43);
        server.answers(wire.answers(200, "{\"prepay_id\":\"p\",\"code_url\":\"c\",\"h5_url\":\"h\"}"));
        var request = WxpayRequests.of(product.payType().toString(), SUB, title);

        if (product == Product.PAYMENT_CODE) {
            failure(() -> wire.provider().collect(account(), request, new PaymentCode("130000000000000001", "S7")));
        } else {
            create(account(), request);
        }

        assertThat(json(lastRequest().body()).getString("description")).isEqualTo("茶".repeat(42));
    }

    @Test
    void a_title_ends_in_no_part_of_an_emoji_and_no_blank() {
        var family = "👨\u200D👩\u200D👧";
        server.answers(wire.answers(200, "{\"code_url\":\"c\"}"));

        create(account(), WxpayRequests.of("wxpay_h5", SubMerchant.NONE, "茶".repeat(41) + " " + family));

        assertThat(json(lastRequest().body()).getString("description")).isEqualTo("茶".repeat(41));
    }

    @Test
    void a_page_that_is_too_long_is_refused_when_the_node_is_saved() {
        for (var name : new String[] {"wap_name", "wap_url"}) {
            var page = Json.createObjectBuilder().add("type", "Wap").add(name, "茶".repeat(129));
            var scene = Json.createObjectBuilder().add("h5_info", page);
            var node = Json.createObjectBuilder(wire.node()).add("sceneInfo", scene);

            assertThat(catchThrowable(() -> wire.provider().check(account(node.build()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sceneInfo.h5_info." + name);
        }
    }
}
