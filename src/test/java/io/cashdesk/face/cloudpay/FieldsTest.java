package io.cashdesk.face.cloudpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.problem.ExceptionTranslator;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FieldsTest {
    private static Fields order(String json) {
        return fields(json, Operation.UNIFIED_ORDER);
    }

    private static Fields fields(String json, Operation operation) {
        return Fields.of(Fields.json(json.getBytes(StandardCharsets.UTF_8)), operation);
    }

    private static Refusal refusal(Throwable thrown) {
        return thrown instanceof Refusal refusal
                ? refusal
                : Refusal.of(ExceptionTranslator.toProblem(thrown), Operation.UNIFIED_ORDER);
    }

    private static void isMalformed(Throwable thrown, String name) {
        assertThat(refusal(thrown).code).isEqualTo("INVALID_REQUEST");
        assertThat(refusal(thrown).text(Locale.ENGLISH)).contains(name);
        assertThat(refusal(thrown).text(Locale.CHINESE)).contains(name).matches("(?s).*[\\u4e00-\\u9fff].*");
    }

    private static UnifiedOrderFields.Extras extras(Fields fields) {
        return UnifiedOrderFields.Extras.of(fields, UnifiedOrderFields.tradeType(fields));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNIFIED_ORDER, totalFees",
        "UNIFIED_ORDER, sub_appid",
        "QUERY_ORDER, refundId",
        "CLOSE_ORDER, transaction_id",
        "REFUND, amount",
        "QUERY_REFUND, limit",
        "DOWNLOAD_BILL, date",
    })
    void an_unknown_field_is_refused_by_the_name_that_was_sent(Operation operation, String name) {
        isMalformed(catchThrowable(() -> fields("{\"" + name + "\": 1}", operation)), name);
        isMalformed(catchThrowable(() -> fields("{\"" + name + "\": null}", operation)), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"other\":{}}",
                "{\"store_info\":{\"id\":\"1\",\"city\":\"x\"}}",
                "{\"store_info\":{\"id\":\"1\"},\"h5_info\":{}}",
                "{\"store_info\":{\"id\":1}}",
            })
    void an_unknown_field_of_the_scene_is_refused(String scene) {
        isMalformed(catchThrowable(() -> extras(order("{\"sceneInfo\":" + scene + "}"))), "sceneInfo.");
        isMalformed(
                catchThrowable(() -> extras(order("{\"sceneInfo\":" + Json.createValue(scene) + "}"))), "sceneInfo.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"goods\":[]} | detail.goods",
                "{\"goods_detail\":[{\"goods_id\":\"1\",\"quantity\":1,\"price\":1,\"colour\":\"x\"}]} | detail.goodsDetail[0].colour",
                "{\"goods_detail\":[{\"goods_id\":1,\"quantity\":1,\"price\":1}]} | detail.goodsDetail[0].goodsId",
                "{\"goods_detail\":[{\"goods_id\":\"1\",\"quantity\":1.5,\"price\":1}]} | detail.goodsDetail[0].quantity",
                "{\"goods_detail\":{}} | detail.goodsDetail",
                "{\"cost_price\":\"9\"} | detail.costPrice",
                "[] | detail",
            })
    void a_mistake_in_the_goods_is_refused_by_its_place(String detail, String place) {
        isMalformed(catchThrowable(() -> extras(order("{\"detail\":" + detail + "}"))), place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"detail", "sceneInfo"})
    void a_json_text_is_read_as_strictly_as_the_body(String name) {
        var object = name.equals("detail") ? "{\"receipt_id\":\"%s\"}" : "{\"store_info\":{\"id\":\"%s\"}}";
        for (var text : List.of(
                "[".repeat(5_000),
                "{\"a\":".repeat(1_000),
                object.formatted("\\ud800"),
                object.formatted("\\u0000"),
                object.formatted("1") + " rubbish",
                object.formatted("1") + object.formatted("2"),
                "[]",
                "x")) {
            var body = Json.createObjectBuilder().add(name, text).build().toString();
            isMalformed(catchThrowable(() -> extras(order(body))), name);
        }
    }

    @Test
    void a_number_in_both_spellings_may_be_written_differently() {
        assertThat(order("{\"totalFee\":1,\"total_fee\":1.0}").fen("totalFee")).isEqualTo(1);
        isMalformed(catchThrowable(() -> order("{\"totalFee\":1,\"total_fee\":2}")), "totalFee");
        isMalformed(catchThrowable(() -> order("{\"totalFee\":1,\"total_fee\":\"1\"}")), "totalFee");
    }

    @Test
    void a_missing_field_of_the_goods_is_named() {
        var thrown = refusal(catchThrowable(
                () -> extras(order("{\"detail\":{\"goods_detail\":[{\"goods_id\":\"1\",\"quantity\":1}]}}"))));

        assertThat(thrown.code).isEqualTo("LACK_PARAMS");
        assertThat(thrown.text(Locale.CHINESE)).contains("detail.goodsDetail[0].price");
    }

    @Test
    void both_spellings_are_read_and_a_contradiction_is_refused() {
        assertThat(order("{\"sub_mch_id\":\"1\",\"subMchId\":\"1\"}").required("subMchId", 32))
                .isEqualTo("1");
        isMalformed(catchThrowable(() -> order("{\"sub_mch_id\":\"1\",\"subMchId\":\"2\"}")), "subMchId");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.0, 1", "1.00, 1", "1e2, 100", "10000000000, 10000000000"})
    void a_number_without_a_fraction_is_whole(String json, long fen) {
        assertThat(order("{\"totalFee\":" + json + "}").fen("totalFee")).isEqualTo(fen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1.5", "0.1", "\"1\"", "true", "{}", "[1]", "10000000001", "1e11", "1e300", "\"\""})
    void another_amount_is_malformed(String json) {
        isMalformed(catchThrowable(() -> order("{\"totalFee\":" + json + "}").fen("totalFee")), "totalFee");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "[]", "true"})
    void what_is_no_text_is_malformed(String json) {
        isMalformed(catchThrowable(() -> order("{\"attach\":" + json + "}").text("attach", 127)), "attach");
        isMalformed(
                catchThrowable(() -> order("{\"tradeType\":" + json + "}").oneOf("tradeType", "JSAPI")), "tradeType");
    }

    @Test
    void a_text_of_which_only_the_documents_give_a_limit_is_measured_in_characters() {
        assertThat(order("{\"goodsTag\":\"" + "茶".repeat(32) + "\"}").text("goodsTag", 32))
                .isPresent();
        isMalformed(
                catchThrowable(
                        () -> order("{\"goodsTag\":\"" + "茶".repeat(33) + "\"}").text("goodsTag", 32)),
                "goodsTag");
    }

    @Test
    void a_title_is_measured_in_bytes() {
        assertThat(order("{\"body\":\"" + "茶".repeat(42) + "x\"}").text("body", 127))
                .isPresent();
        isMalformed(
                catchThrowable(
                        () -> order("{\"body\":\"" + "茶".repeat(43) + "\"}").text("body", 127)),
                "body");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "'203.0.113.7:8080', 203.0.113.7",
        "'::ffff:203.0.113.7', 203.0.113.7",
        "'[2001:DB8::1]', '2001:db8::1'",
        "'[2001:db8::1]:443', '2001:db8::1'",
    })
    void an_address_is_sent_in_its_usual_form(String sent, String address) {
        assertThat(UnifiedOrderFields.payersAddress(order("{\"spbillCreateIp\":\"" + sent + "\"}")))
                .isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "203.0.113.7, 198.51.100.1", "203.0.113", "203.0.113.256", "localhost", "-"})
    void what_is_no_address_is_malformed(String sent) {
        isMalformed(
                catchThrowable(() -> UnifiedOrderFields.payersAddress(order("{\"spbillCreateIp\":\"" + sent + "\"}"))),
                "spbillCreateIp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026", "20260231101010", "20261301101010", "2026-01-01 10:10", "20260101246010"})
    void what_is_no_time_is_malformed(String sent) {
        isMalformed(
                catchThrowable(() -> UnifiedOrderFields.expiry(order("{\"timeExpire\":\"" + sent + "\"}"))),
                "timeExpire");
    }

    @Test
    void the_extra_fields_are_written_in_either_version() {
        var extras = extras(order("""
                {"attach":"shop 7","goodsTag":"WXG","limitPay":"no_credit","receipt":"Y","deviceInfo":"013467007045764",
                 "feeType":"CNY",
                 "detail":{"cost_price":1.0,"receipt_id":"r","goods_detail":[{"goods_id":"g","wxpay_goods_id":"w",
                   "goodsName":"茶","quantity":1,"price":990,"goods_category":"c","body":"b"}]},
                 "sceneInfo":"{\\"store_info\\":{\\"id\\":\\"1\\",\\"name\\":\\"n\\",\\"area_code\\":\\"440305\\",\\"address\\":\\"a\\"}}"}
                """));

        assertThat(extras.in(2)).isEqualTo(json("""
                {"attach":"shop 7","goods_tag":"WXG","limit_pay":"no_credit","receipt":"Y",
                 "device_info":"013467007045764",
                 "detail":{"cost_price":1,"receipt_id":"r","goods_detail":[{"goods_id":"g","wxpay_goods_id":"w",
                   "goods_name":"茶","quantity":1,"price":990,"goods_category":"c","body":"b"}]},
                 "scene_info":{"store_info":{"id":"1","name":"n","area_code":"440305","address":"a"}}}
                """));
        assertThat(extras.in(3)).isEqualTo(json("""
                {"attach":"shop 7","goods_tag":"WXG","limit_pay":["no_credit"],"support_fapiao":true,
                 "detail":{"cost_price":1,"invoice_id":"r","goods_detail":[{"merchant_goods_id":"g",
                   "wechatpay_goods_id":"w","goods_name":"茶","quantity":1,"unit_price":990}]},
                 "scene_info":{"device_id":"013467007045764",
                   "store_info":{"id":"1","name":"n","area_code":"440305","address":"a"}}}
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'h5_info':{'type':'Wap','wap_url':'https://m.example','wap_name':'x'}}"
                        + "| {'h5_info':{'type':'Wap','wap_url':'https://m.example','wap_name':'x'}}"
                        + "| {'h5_info':{'type':'Wap','app_url':'https://m.example','app_name':'x'}}",
                "{'h5Info':{'type':'Wap','wapUrl':'https://m.example','wapName':'x'}}"
                        + "| {'h5_info':{'type':'Wap','wap_url':'https://m.example','wap_name':'x'}}"
                        + "| {'h5_info':{'type':'Wap','app_url':'https://m.example','app_name':'x'}}",
                "{'h5_info':{'type':'IOS','app_name':'x','bundle_id':'com.x'}}"
                        + "| {'h5_info':{'type':'IOS','app_name':'x','bundle_id':'com.x'}}"
                        + "| {'h5_info':{'type':'iOS','app_name':'x','bundle_id':'com.x'}}",
                "{'h5_info':{'type':'Android','app_name':'x','package_name':'com.x'}}"
                        + "| {'h5_info':{'type':'Android','app_name':'x','package_name':'com.x'}}"
                        + "| {'h5_info':{'type':'Android','app_name':'x','package_name':'com.x'}}",
            })
    void the_page_of_an_mweb_order_is_written_in_either_version(String scene, String v2, String v3) {
        var given = scene.replace('\'', '"');
        for (var form : List.of(given, Json.createValue(given).toString())) {
            var extras = extras(order("{\"tradeType\":\"MWEB\",\"sceneInfo\":" + form + "}"));

            assertThat(extras.in(2)).isEqualTo(json("{\"scene_info\":" + v2.replace('\'', '"') + "}"));
            assertThat(extras.in(3)).isEqualTo(json("{\"scene_info\":" + v3.replace('\'', '"') + "}"));
        }
    }

    @Test
    void a_page_needs_its_type_and_is_refused_by_its_own_names() {
        var order = "{\"tradeType\":\"MWEB\",\"sceneInfo\":{\"h5_info\":{%s}}}";
        var untyped = refusal(catchThrowable(() -> extras(order(order.formatted("\"wap_name\":\"x\"")))));
        assertThat(untyped.code).isEqualTo("LACK_PARAMS");
        assertThat(untyped.text(Locale.CHINESE)).contains("sceneInfo.h5Info.type");
        isMalformed(catchThrowable(() -> extras(order(order.formatted("\"type\":\"Web\"")))), "sceneInfo.h5Info.type");
        var name = order(order.formatted("\"type\":\"Wap\",\"wap_name\":\"" + "x".repeat(65) + "\""));
        assertThat(extras(name).in(2)).isNotEmpty();
        isMalformed(catchThrowable(() -> extras(name).in(3)), "sceneInfo.h5Info.wapName");
    }

    @Test
    void a_store_needs_its_number_in_version_3_only_and_blanks_count_as_absent() {
        var named = extras(order("{\"sceneInfo\":{\"store_info\":{\"id\":\" \",\"name\":\"n\"}}}"));
        assertThat(named.in(2)).isEqualTo(json("{\"scene_info\":{\"store_info\":{\"name\":\"n\"}}}"));
        var missing = refusal(catchThrowable(() -> named.in(3)));
        assertThat(missing.code).isEqualTo("LACK_PARAMS");
        assertThat(missing.text(Locale.CHINESE)).contains("sceneInfo.storeInfo.id");

        var blank = extras(order("{\"sceneInfo\":{\"store_info\":{\"id\":\"\",\"name\":\" \"}}}"));
        assertThat(blank.in(2)).isEmpty();
        assertThat(blank.in(3)).isEmpty();
    }

    @Test
    void without_extra_fields_nothing_is_added() {
        var extras = extras(order("{\"attach\":\"\",\"receipt\":\"\"}"));

        assertThat(extras.in(2)).isEmpty();
        assertThat(extras.in(3)).isEmpty();
    }

    @Test
    void a_message_that_cannot_be_read_has_the_code_of_v2() {
        assertThat(refusal(catchThrowable(() -> order(""))).code).isEqualTo("POST_DATA_EMPTY");
        assertThat(refusal(catchThrowable(() -> order("{"))).code).isEqualTo("XML_FORMAT_ERROR");
        assertThat(refusal(catchThrowable(() -> order("[]"))).code).isEqualTo("XML_FORMAT_ERROR");
        var latin = catchThrowable(() -> Fields.json(new byte[] {'{', '"', (byte) 0xe9, '"', '}'}));
        assertThat(refusal(latin).code).isEqualTo("NOT_UTF8");
        assertThat(refusal(latin).ofCall).isTrue();
    }
}
