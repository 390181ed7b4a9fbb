package io.cashdesk.provider.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With the values of WeChat's page about message push.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">the
 *     page</a>
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MessagePushTest {
    private static final String KEY = "A".repeat(43);
    private static final MessagePush PUSH = new MessagePush("AAAAA", KEY, "wxba5fad812f8e6fb9");

    private static final String ENCRYPTED =
            "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6J"
                    + "sXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZo"
                    + "NqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

    private static final String SAFE =
            "timestamp=1714112445&nonce=415670741&encrypt_type=aes&signature=6c5c811b55cc85e0e1b54100749188c20beb3f5d"
                    + "&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3";

    private static final String PLAIN =
            "signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(MessagePush push, String query, String body) {
        assertThatThrownBy(() -> push.read(query, utf8(body)))
                .isInstanceOfSatisfying(
                        ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.NOT_AUTHENTIC));
    }

    @Test
    void echoes_what_the_handshake_sends() {
        var query = "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249"
                + "&timestamp=1714036504&nonce=1514711492";

        assertThat(PUSH.echo(query)).isEqualTo("4375120948345356249");
        assertThatThrownBy(() -> PUSH.echo(query.replace("=f4", "=e4"))).isInstanceOf(ProviderFailure.class);
        assertThatThrownBy(() -> new MessagePush("", "", "x").echo(query)).isInstanceOf(ProviderFailure.class);
    }

    @Test
    void a_plain_message_is_read_and_not_proved() {
        var message = PUSH.read(PLAIN, utf8("{\"Event\":\"debug_demo\",\"n\":1}"));

        assertThat(message.proved()).isFalse();
        assertThat(message.content().getString("Event")).isEqualTo("debug_demo");
        refused(PUSH, PLAIN.replace("=89", "=88"), "{\"Event\":\"debug_demo\"}");
    }

    /** Its padding has 19 bytes. */
    @Test
    void an_encrypted_message_is_opened_and_proved() {
        for (var body : new String[] {
            "{\"ToUserName\":\"gh_97417a04a28d\",\"Encrypt\":\"" + ENCRYPTED + "\"}",
            "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[" + ENCRYPTED
                    + "]]></Encrypt></xml>"
        }) {
            var message = PUSH.read(SAFE, utf8(body));

            assertThat(message.proved()).isTrue();
            assertThat(message.content())
                    .hasToString(
                            "{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":\"o9AgO5Kd5ggOC-bXrbNODIiE3bGY\","
                                    + "\"CreateTime\":1714112445,\"MsgType\":\"event\",\"Event\":\"debug_demo\","
                                    + "\"debug_str\":\"hello world\"}");
        }
    }

    @Test
    void in_compatible_mode_only_the_encrypted_part_counts() {
        var both = "{\"Event\":\"xpay_goods_deliver_notify\",\"Encrypt\":\"" + ENCRYPTED + "\"}";

        assertThat(PUSH.read(SAFE, utf8(both)).content().getString("Event")).isEqualTo("debug_demo");
        refused(PUSH, SAFE.replace("msg_signature=046", "msg_signature=146"), both);
        refused(PUSH, PLAIN, both);
        var withoutKey = new MessagePush("AAAAA", "", "wxba5fad812f8e6fb9");
        assertThat(withoutKey.read(SAFE, utf8(both)).proved()).isFalse();
        refused(withoutKey, SAFE, "{\"Encrypt\":\"" + ENCRYPTED + "\"}");
    }

    @Test
    void a_message_for_another_application_is_refused() {
        refused(new MessagePush("AAAAA", KEY, "wx1"), SAFE, "{\"Encrypt\":\"" + ENCRYPTED + "\"}");
    }

    @Test
    void every_length_of_padding_is_read() throws Exception {
        for (int length = 0; length < 40; length++) {
            var text = "{\"Event\":\"" + "e".repeat(length + 1) + "\"}";
            var encrypted = encrypt(text);
            var query = "timestamp=1&nonce=2&msg_signature=" + MessagePush.signature("AAAAA", "1", "2", encrypted);

            var message = PUSH.read(query, utf8("{\"Encrypt\":\"" + encrypted + "\"}"));

            assertThat(message.content()).hasToString(text);
        }
    }

    private static String encrypt(String text) throws Exception {
        var content = utf8(text);
        var to = utf8("wxba5fad812f8e6fb9");
        int length = 16 + 4 + content.length + to.length;
        int padding = 32 - length % 32;
        var plain = ByteBuffer.allocate(length + padding)
                .put(utf8("0123456789abcdef"))
                .putInt(content.length)
                .put(content)
                .put(to);
        while (plain.hasRemaining()) plain.put((byte) padding);
        var key = Base64.getDecoder().decode(KEY + "=");
        var cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
        return Base64.getEncoder().encodeToString(cipher.doFinal(plain.array()));
    }

    @Test
    void xml_with_nested_elements_is_read_as_objects() {
        var message = PUSH.read(
                PLAIN,
                utf8("<xml><Event><![CDATA[xpay_coin_pay_notify]]></Event><CoinInfo><Quantity>10</Quantity>"
                        + "<Attach><![CDATA[a]]></Attach></CoinInfo></xml>"));

        assertThat(message.content())
                .hasToString(
                        "{\"Event\":\"xpay_coin_pay_notify\",\"CoinInfo\":{\"Quantity\":\"10\",\"Attach\":\"a\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"Event\":",
                "{\"Event\":\"a\",\"Event\":\"b\"}",
                "<xml><Event>a</Event><Event>b</Event></xml>",
                "<html></html>",
                "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><xml><Event>&e;</Event></xml>"
            })
    void what_is_no_message_is_refused(String body) {
        refused(PUSH, PLAIN, body);
    }

    @Test
    void shows_neither_token_nor_key() {
        assertThat(PUSH.toString()).doesNotContain("AAAAA");
    }
}
