package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** With the published values of WeChat's scripts and pages. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualSignatureTest {
    private static final String APP_KEY = "12345";
    private static final String SESSION_KEY = "9hAb/NEYUlkaMBEsmFgzig==";
    private static final String TOKEN = "AAAAA";

    @Test
    void of_a_servers_call() {
        var body = "{\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\": 0}";

        assertThat(VirtualSignature.ofApplication(APP_KEY, "/xpay/query_user_balance", body))
                .isEqualTo("c37809f27c6d7fd1837ad2500a04512b66b34fd793a39a385fade56dca89a4b5");
        assertThat(VirtualSignature.ofUser(SESSION_KEY, body))
                .isEqualTo("089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7");
    }

    @Test
    void of_the_sibling_product() {
        var body = "{\"offer_id\": \"12345678\", \"openid\": \"oUrsfxxxxxxxxxx\", \"ts\": 1668136271,"
                + " \"zone_id\": \"1\", \"env\": 0}";

        assertThat(VirtualSignature.ofApplication(APP_KEY, "/wxa/game/getbalance", body))
                .isEqualTo("11bac6388871d29c055c7d16fbe42e8d646855b666faf89b15c815218b1b23bd");
        assertThat(VirtualSignature.ofUser(SESSION_KEY, body))
                .isEqualTo("42fe1d3341fb1c8bd6f5014ba735ab04eacc80a2deb3ab4669eab4700b5b6729");
    }

    @Test
    void of_the_clients_call() {
        var signData = "{\"offerId\":\"123\",\"buyQuantity\":1,\"env\":0,\"currencyType\":\"CNY\",\"productId\":"
                + "\"testproductId\",\"goodsPrice\":10,\"outTradeNo\":\"xxxxxx\",\"attach\":\"testdata\"}";

        assertThat(VirtualSignature.ofApplication(APP_KEY, VirtualSignature.CLIENT_CALL, signData))
                .isEqualTo("0ce2a9fcab3532e9f78dd3beb841806c0c08a24ec26b04c366584ac06d852bb0");
        assertThat(VirtualSignature.ofUser(SESSION_KEY, signData))
                .isEqualTo("8e08bc05e10243e2e943385292e2063be327f8285c0db753a5c3e5db5745cb69");
    }

    @Test
    void of_pushed_messages() {
        assertThat(VirtualSignature.ofPush(TOKEN, "1714036504", "1514711492"))
                .isEqualTo("f464b24fc39322e44b38aa78f5edd27bd1441696");
        assertThat(VirtualSignature.ofPush(TOKEN, "1714037059", "486452656"))
                .isEqualTo("899cf89e464efb63f54ddac96b0a0a235f53aa78");
        assertThat(VirtualSignature.ofPush(TOKEN, "1714112445", "415670741"))
                .isEqualTo("6c5c811b55cc85e0e1b54100749188c20beb3f5d");
        assertThat(VirtualSignature.ofPush(TOKEN, "1714112445", "415670741", PushCipherTest.EVENT))
                .isEqualTo("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3");
        assertThat(VirtualSignature.ofPush(TOKEN, "1713424427", "415670741", PushCipherTest.REPLY))
                .isEqualTo("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
    }

    @Test
    void a_missing_one_is_wrong() {
        assertThat(VirtualSignature.same("ab", null)).isFalse();
        assertThat(VirtualSignature.same("ab", "AB")).isFalse();
        assertThat(VirtualSignature.same("ab", "ab")).isTrue();
    }
}
