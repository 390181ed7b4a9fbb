package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as callers of every kind may send them: headers, encodings, shapes, and the payer's address. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class InputIT {
    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("input-it");
        var node = Json.createObjectBuilder();
        assertThat(shop.node
                        .manage("PUT", "merchants/input-it", node.add("name", "Tea"))
                        .status())
                .isEqualTo(200);
    }

    private static HttpRequest.Builder request(String path) {
        var key = path.startsWith("/api/manage") ? Node.MANAGE_TOKEN : shop.key;
        return HttpRequest.newBuilder(shop.node.base().resolve(path)).header("Authorization", "Bearer " + key);
    }

    private static Node.Answer post(String path, String header, String value, byte[] body) {
        var request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!header.equals("Content-Type")) request.header("Content-Type", "application/json");
        return Node.send(request.header(header, value).build());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "image/*", "nonsense", ";;q=", "application/json;q=0"})
    void accept_chooses_nothing(String accept) {
        var missing = post("/api/pay/queryPayment", "Accept", accept, utf8("{\"out_trade_no\":\"nothing0\"}"));
        var nowhere = post("/api/pay/nothing", "Accept", accept, utf8("{}"));
        var read = Node.send(request("/api/manage/merchants/input-it/providers")
                .header("Accept", accept)
                .build());

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.contentType()).startsWith("application/problem+json");
        assertThat(missing.json().getInt("code")).isEqualTo(2001);
        assertThat(nowhere.json().getInt("code")).isEqualTo(4007);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.contentType()).startsWith("application/json");
        for (var face : new String[] {"/http/vk-pay", "/api/cloudPay/queryOrder"}) {
            assertThat(post(face, "Accept", accept, utf8("{}")).status())
                    .as(face)
                    .isEqualTo(200);
        }
    }

    @Nested
    class A_compressed_body {
        private byte[] gzip(String text) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(bytes)) {
                gzip.write(utf8(text));
            }
            return bytes.toByteArray();
        }

        @ParameterizedTest
        @CsvSource({"/api/pay/queryPayment, POST", "/api/pay/refund, POST", "/api/manage/merchants/input-it, PUT"})
        void is_a_415_with_a_sentence(String path, String method) throws IOException {
            var body = HttpRequest.BodyPublishers.ofByteArray(gzip("{\"out_trade_no\":\"T1234567\"}"));
            var answer = Node.send(request(path)
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .method(method, body)
                    .build());

            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.json().getInt("code")).isEqualTo(1122);
            assertThat(answer.json().getString("detail")).contains("gzip");
        }

        @Test
        void is_refused_in_the_form_of_every_api() throws IOException {
            var envelope = post("/http/vk-pay", "Content-Encoding", "gzip", gzip("{}"));
            var cloudPay = post("/api/cloudPay/queryOrder", "Content-Encoding", "br", gzip("{}"));

            assertThat(envelope.status()).isEqualTo(200);
            assertThat(envelope.json().getInt("code")).isEqualTo(1122);
            assertThat(cloudPay.status()).isEqualTo(200);
            assertThat(cloudPay.json().getString("returnCode")).isEqualTo("FAIL");
        }

        @Test
        void is_none_if_the_encoding_is_identity() {
            var answer = post("/api/pay/queryPayment", "Content-Encoding", "identity", utf8("{}"));

            assertThat(answer.status()).isNotEqualTo(415);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json;charset=GBK, 415",
        "application/json;charset=\"gb18030\", 415",
        "application/*, 415",
        "*/*, 415",
        "nonsense, 415",
        "application/json;charset=UTF-8, 404",
        "application/json;charset=\"utf-8\", 404",
        "APPLICATION/JSON, 404"
    })
    void the_content_type_must_be_json_in_utf8(String type, int status) {
        var answer = post("/api/pay/queryPayment", "Content-Type", type, utf8("{\"out_trade_no\":\"nothing0\"}"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    @Test
    void the_envelope_is_read_whatever_its_content_type() {
        for (var type : new String[] {"text/plain", "nonsense", "application/x-www-form-urlencoded"}) {
            var answer = post("/http/vk-pay", "Content-Type", type, utf8("{\"action\":\"pay/transfer\",\"data\":{}}"));
            assertThat(answer.json().getInt("code")).as(type).isEqualTo(1108);
        }
    }

    @Test
    void a_body_in_gbk_is_no_utf8_and_a_byte_order_mark_is_ignored() {
        var gbk = "{\"out_trade_no\":\"茶\"}".getBytes(Charset.forName("GBK"));
        var marked = utf8("\ufeff{\"out_trade_no\":\"nothing0\"}");

        assertThat(post("/api/pay/queryPayment", "X-Any", "1", gbk).json().getInt("code"))
                .isEqualTo(1103);
        assertThat(post("/api/pay/queryPayment", "X-Any", "1", marked).json().getInt("code"))
                .isEqualTo(2001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/pay/createPayment",
                "/api/pay/createCheckout",
                "/api/pay/refund",
                "/api/manage/merchants/input-it/webhooks/a/resend",
                "/api/manage/keys"
            })
    void five_thousand_nested_arrays_and_half_a_pair_are_a_400(String path) {
        var nested = post(path, "X-Any", "1", utf8("{\"data\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"));
        var half = post(path, "X-Any", "1", utf8("{\"data\":{\"custom\":{\"a\":[\"\\ud83d\"]}}}"));

        assertThat(nested.status()).isEqualTo(400);
        assertThat(nested.json().getInt("code")).isEqualTo(1103);
        assertThat(half.status()).isEqualTo(400);
        assertThat(half.json().getString("detail")).startsWith("data.custom.a[0]");
    }

    @Test
    void the_envelope_refuses_both_in_its_own_form() {
        var nested = post("/http/vk-pay", "X-Any", "1", utf8("{\"data\":" + "[".repeat(5_000) + "}"));
        var half = post("/http/vk-pay", "X-Any", "1", utf8("{\"action\":\"a\",\"data\":{\"k\\udc00\":1}}"));

        assertThat(nested.json().getInt("code")).isEqualTo(1103);
        assertThat(half.json().getInt("code")).isEqualTo(1102);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/manage/merchants/a%00b/providers, 404",
        "/api/manage/merchants/input-it/webhooks/a/deliveries?out_trade_no=%00, 400",
        "/api/manage/merchants/input-it/needs-person?cursor=%00, 400"
    })
    void a_character_that_no_database_stores_is_no_server_error_in_an_address(String path, int status) {
        assertThat(Node.send(request(path).build()).status()).isEqualTo(status);
    }

    @Test
    void custom_keeps_the_six_characters_of_an_escape() {
        var number = Shop.number();
        var custom = Json.createObjectBuilder()
                .add("note", "\\u0000")
                .add("face", "😀")
                .build();

        var created = shop.create("wxpay", Shop.on("h5", ""), Shop.order(number).add("custom", custom));

        assertThat(created.json().getInt("code")).as(created.body()).isZero();
        assertThat(record(number).getJsonObject("custom")).isEqualTo(custom);
    }

    private static JsonObject record(String number) {
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    @Nested
    class The_payers_address {
        private JsonObject phone(JsonValue address) {
            var context = Json.createObjectBuilder().add("PLATFORM", "h5").add("CLIENTUA", Shop.IPHONE);
            if (address != null) context.add("CLIENTIP", address);
            return shop.create("wxpay", context.build(), Shop.order(Shop.number()))
                    .json();
        }

        @Test
        void is_demanded_for_wechats_mobile_page_and_may_be_this_machines_in_test_mode() {
            assertThat(phone(null).getInt("code")).isEqualTo(1123);
            assertThat(phone(null).getString("detail")).contains("context.CLIENTIP");
            assertThat(phone(Json.createValue("127.0.0.1")).getInt("code")).isZero();
            var created = phone(Json.createValue("203.0.113.7"));
            assertThat(created.getString("pay_type")).isEqualTo("wxpay_mweb");
            assertThat(created.getBoolean("needQRcode")).isFalse();
        }

        @Test
        void is_stored_in_its_usual_form_and_refused_if_it_is_none() {
            var number = Shop.number();
            var context = Json.createObjectBuilder().add("clientIP", "[2001:DB8::7]:443");
            var created =
                    shop.create("wxpay", context.build(), Shop.order(number)).json();

            assertThat(created.getBoolean("needQRcode")).as("a desktop scans").isTrue();
            assertThat(record(number).getString("client_ip")).isEqualTo("2001:db8::7");
            for (var none : new JsonValue[] {Json.createValue("unknown"), Json.createValue(7), JsonValue.TRUE}) {
                assertThat(phone(none).getInt("code")).isEqualTo(1102);
                assertThat(phone(none).getString("detail")).startsWith("context.CLIENTIP");
            }
        }

        @Test
        void in_an_envelope_is_checked_too_and_an_empty_one_is_absent() {
            var data = Shop.order(Shop.number()).add("provider", "wxpay");
            assertThat(envelope(data, "unknown").getInt("code")).isEqualTo(1102);
            assertThat(envelope(Shop.order(Shop.number()).add("provider", "wxpay"), "")
                            .getInt("code"))
                    .isZero();
        }

        private JsonObject envelope(JsonObjectBuilder data, String address) {
            data.add("context", Json.createObjectBuilder().add("CLIENTIP", address));
            var body = Json.createObjectBuilder()
                    .add("action", "pay/createPayment")
                    .add("data", data);
            return shop.node
                    .call("POST", "/http/vk-pay", shop.key, body.build().toString())
                    .json();
        }
    }
}
