package io.cashdesk.provider.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.signing.KeyText;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published vectors, and the rules at their edges. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinSignatureTest {
    private static String ecpay(JsonObjectBuilder body) {
        return EcpaySignature.sign(body.build(), DouyinWire.SALT);
    }

    private static JsonObjectBuilder number(String name, String number) {
        return Json.createObjectBuilder().add("app_id", DouyinWire.APP_ID).add(name, number);
    }

    @Nested
    class A_request_of_ecpay {
        @Test
        void has_the_signature_of_the_official_example() {
            var body = Json.createObjectBuilder()
                    .add("app_id", "tt07e3715e98c9aac0")
                    .add("thirdparty_id", "tt0")
                    .add("out_order_no", "test-02167569xxxxxx")
                    .add("total_amount", 2376)
                    .add("subject", "test-payment_subject-test-paym...")
                    .add("body", "强烈推荐！经典腊汁肉夹馍团购价仅需7.92元！")
                    .add("valid_time", 172800)
                    .add("notify_url", "https://www.xxx.com")
                    .add("disable_msg", 0)
                    .add("msg_page", "pages/user/orderDetail/orderDetail?id=997979879879879879")
                    .build();

            assertThat(EcpaySignature.sign(body, "your_payment_salt")).isEqualTo("54f102e7115f8a6a3e6af4633dc33959");
        }

        @ParameterizedTest
        @CsvSource({
            "out_order_no, 202406100423024876, 7517fb55db55327c396e5b7c9cb1be31",
            "out_refund_no, 202408040747147327, fa6511979b1185cf98df2538f63ee1a3"
        })
        void has_the_signatures_of_published_queries(String name, String number, String signature) {
            assertThat(ecpay(number(name, number))).isEqualTo(signature);
        }

        @Test
        void has_the_signature_of_an_order_in_Chinese() {
            var body = Json.createObjectBuilder()
                    .add("app_id", DouyinWire.APP_ID)
                    .add("out_order_no", "T202601010001")
                    .add("total_amount", 1)
                    .add("subject", "测试商品 A")
                    .add("body", "测试商品 A 详情")
                    .add("valid_time", 600)
                    .add("notify_url", "https://merchant.example/notify/douyin");

            assertThat(ecpay(body)).isEqualTo("626ae24bbae13cd1e525c0b836c0422a");
        }

        @Test
        void signs_values_without_white_space_and_one_pair_of_quotes() {
            var plain = ecpay(number("out_order_no", "1").add("subject", "tea"));

            for (var written : new String[] {" tea ", "\"tea\"", " \" tea \" ", "\ttea\n"}) {
                assertThat(ecpay(number("out_order_no", "1").add("subject", written)))
                        .as(written)
                        .isEqualTo(plain);
            }
            assertThat(ecpay(number("out_order_no", "1").add("subject", "\"\"tea\"\"")))
                    .isNotEqualTo(plain);
        }

        @Test
        void leaves_out_what_is_empty_or_null_and_keeps_zero() {
            var plain = ecpay(number("out_order_no", "1"));

            for (var empty : new String[] {"", "  ", "\"\"", "null", " null ", "\"null\""}) {
                assertThat(ecpay(number("out_order_no", "1").add("cp_extra", empty)))
                        .as(empty)
                        .isEqualTo(plain);
            }
            assertThat(ecpay(number("out_order_no", "1").addNull("cp_extra"))).isEqualTo(plain);
            assertThat(ecpay(number("out_order_no", "1").add("disable_msg", 0))).isNotEqualTo(plain);
        }

        @Test
        void does_not_sign_who_sends_it_nor_the_signature() {
            var plain = ecpay(number("out_order_no", "1"));

            for (var name : new String[] {"app_id", "thirdparty_id", "sign", "other_settle_params"}) {
                assertThat(ecpay(number("out_order_no", "1").add(name, "x")))
                        .as(name)
                        .isEqualTo(plain);
            }
        }

        @Test
        void sorts_by_bytes() {
            // in UTF-16 the emoji (D83C …) comes before U+FB01, in bytes (F0 …) after it (EF …)
            var body = Json.createObjectBuilder()
                    .add("a", "\ud83c\udf75")
                    .add("b", "\ufb01")
                    .build();

            assertThat(EcpaySignature.sign(body, "salt")).isEqualTo(DouyinWire.hex("MD5", "salt&\ufb01&\ud83c\udf75"));
        }
    }

    @Nested
    class A_callback_of_ecpay {
        private static final String MSG = "{\"appid\":\"tt226e54d3bd581bf801\",\"cp_orderno\":\"202408041111312119\","
                + "\"cp_extra\":\"\",\"way\":\"2\",\"channel_no\":\"\",\"channel_gateway_no\":\"\","
                + "\"payment_order_no\":\"\",\"out_channel_order_no\":\"\",\"total_amount\":1,\"status\":\"SUCCESS\","
                + "\"seller_uid\":\"73744242495132490630\",\"extra\":\"\",\"item_id\":\"\",\"paid_at\":1722769986,"
                + "\"message\":\"\",\"order_id\":\"7398108028895054107\"}";

        @Test
        void has_the_signatures_of_the_published_ones() {
            assertThat(EcpaySignature.callback("fdsifakhflasjfxxxxxxxxx", "1652675265", "9999", "80850852"))
                    .isEqualTo("c9df04a40645c4ec15c13bc542cea589eac57e64");
            assertThat(EcpaySignature.callback("douyin_mini_token", "1722769986", "5280", MSG))
                    .isEqualTo("840bdf067c1d6056becfe88735c8ebb7e1ab809c");
        }

        @Test
        void is_verified_whole() {
            var signature = "840bdf067c1d6056becfe88735c8ebb7e1ab809c";

            assertThat(EcpaySignature.isCallback("douyin_mini_token", "1722769986", "5280", MSG, signature))
                    .isTrue();
            assertThat(EcpaySignature.isCallback("douyin_mini_token", "1722769987", "5280", MSG, signature))
                    .isFalse();
            assertThat(EcpaySignature.isCallback("douyin_mini_token", "1722769986", "5281", MSG, signature))
                    .isFalse();
            assertThat(EcpaySignature.isCallback("another", "1722769986", "5280", MSG, signature))
                    .isFalse();
            assertThat(EcpaySignature.isCallback("douyin_mini_token", "1722769986", "5280", MSG, ""))
                    .isFalse();
        }

        @Test
        void is_never_verified_without_a_token() {
            var anyone = EcpaySignature.callback("", "1", "2", "{}");

            assertThat(EcpaySignature.isCallback("", "1", "2", "{}", anyone)).isFalse();
        }
    }

    @Nested
    class The_trade_system {
        private static final String DATA = "{\"skuList\":[{\"skuId\":\"1\",\"price\":1,\"quantity\":1,"
                + "\"title\":\"测试商品\",\"imageList\":[\"https://merchant.example/a.png\"],\"type\":401,"
                + "\"tagGroupId\":\"tag_group_000000000000001\"}],\"outOrderNo\":\"T202601010001\",\"totalAmount\":1,"
                + "\"payExpireSeconds\":300,\"payNotifyUrl\":\"https://merchant.example/notify/douyin2\","
                + "\"orderEntrySchema\":{\"path\":\"pages/order\",\"params\":\"{\\\"id\\\":\\\"T202601010001\\\"}\"}}";

        private static final String ORDER_SIGNATURE =
                "lERlNsR65zKCIrzRplXAPiDhtotu/vDckBtg2lXbrRk/0grUu9XHAWMNA/nXkwVH4lAMpVu/8VKlg/ql+U4YpeMztNMyugz+kog1YWHWOitohiWdTs7lCTcGZHiiE2DuZVy1fvaFzCGSoJcm0M5M4HEsDoS1RyhWtcKR1I7p7Qp2SRhTD3qfJ1vcTWDsBftBpYQtVcIhNCohkzd8QxeeB70uxz7CTlWcWk81TQa/O5Q3rGf7PbRTotoVOcbS1ZeYVR2LXXgOak77NIcARimKU7rs3ByC7n+JveMVopJmfiD/5Y4WnOEe9mt8sSLb5eq1OOX6Jc7nDqdejuxoUhc5zg==";

        private static final String BODY = "{\"msg\":\"{\\\"app_id\\\":\\\"tt0000000000000001\\\","
                + "\\\"out_order_no\\\":\\\"T202601010001\\\",\\\"order_id\\\":\\\"ot0000000000000000001\\\","
                + "\\\"status\\\":\\\"SUCCESS\\\",\\\"total_amount\\\":1,\\\"pay_channel\\\":2,"
                + "\\\"event_time\\\":1767240009000}\",\"type\":\"payment\",\"version\":\"3.0\"}";

        static final String BODY_SIGNATURE =
                "WGQJiR/0fbir0TcGIrYgT/5e9Z7y6gnWhWYHt4WrdXKQyzr5VWGAnmAiXyn2BwY/G+obFAOVSrFIdTmb7lJnIFxsfCHG52YR3cWbZvb0FYWiKKcxUzvcVyolgvUaF4VIVWk8dc1XHlL5UERfFTR/oRUHYCv0Uh0tuLJd0Tz3NSI2u0G4z7mG+KUSEm5blLdHuQokazvI/tZPy3T9mksya4EZcD7YDGjGfbrhfxjJ4F7ZHBJnoOAw5NdZdVpxgaRMtKSHulgehmcpaeKA0iVvoyJbaXm2go8sRJqkfaG8ak4DcMNnsD45zBp1lzCB+wrbVKA9NcQgaEF5DYsM/suc2g==";

        @Test
        void signs_an_order_as_the_vector_does() {
            var key = KeyText.of(DouyinWire.OWN_KEY).privateKey().orElseThrow();

            assertThat(TradeSignature.ofOrder(key, 1767240000, "5f4c0a4e6d3b4d0a8f0e3a3b1c2d4e5f", DATA))
                    .isEqualTo(ORDER_SIGNATURE);
        }

        @Test
        void writes_the_authorization_with_quoted_attributes() {
            assertThat(TradeSignature.authorization("tt1", "2", 1767240000, "abc", "c2lnbg=="))
                    .isEqualTo("SHA256-RSA2048 appid=\"tt1\",nonce_str=\"abc\",timestamp=\"1767240000\","
                            + "key_version=\"2\",signature=\"c2lnbg==\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\n", "A"})
        void verifies_a_callback_of_the_vector_and_no_other_text(String behind) {
            var key = KeyText.of(DouyinWire.PLATFORM_KEY).publicKey().orElseThrow();
            var body = (BODY + behind).getBytes(StandardCharsets.UTF_8);

            assertThat(TradeSignature.isCallback(
                            key, "1767240010", "0123456789abcdef0123456789abcdef", body, BODY_SIGNATURE))
                    .isEqualTo(behind.isEmpty());
            assertThat(TradeSignature.isCallback(
                            key, "1767240011", "0123456789abcdef0123456789abcdef", body, BODY_SIGNATURE))
                    .isFalse();
            assertThat(TradeSignature.isCallback(key, "1767240010", "0", body, BODY_SIGNATURE))
                    .isFalse();
            assertThat(TradeSignature.isCallback(
                            key, "1767240010", "0123456789abcdef0123456789abcdef", body, BODY_SIGNATURE + " "))
                    .isFalse();
            assertThat(TradeSignature.isCallback(key, "1767240010", "0", body, ""))
                    .isFalse();
        }

        /** The two ways in which Java could write the same object otherwise. */
        @Test
        void signs_the_text_and_not_the_object() {
            JsonObject read = DouyinWire.json(DATA);

            assertThat(read.toString()).isEqualTo(DATA);
        }
    }
}
