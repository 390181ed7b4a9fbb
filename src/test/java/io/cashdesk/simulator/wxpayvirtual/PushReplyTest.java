package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Which answers acknowledge an event. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PushReplyTest {
    private static final String APP_ID = PushCipherTest.APP_ID;
    private static final String TOKEN = "AAAAA";
    private static final String KEY = "A".repeat(43);
    private static final String DONE = "{\"ErrCode\":0,\"ErrMsg\":\"success\"}";
    private static final String DONE_XML = "<xml><ErrCode>0</ErrCode><ErrMsg><![CDATA[success]]></ErrMsg></xml>";

    private static PushReply expecting(PushMode mode, boolean xml) {
        return new PushReply(APP_ID, profile(mode, xml));
    }

    static VirtualProfile profile(PushMode mode, boolean xml) {
        return new VirtualProfile(
                new UUID(0, 1),
                "14",
                "gh_1",
                "k",
                "s",
                100,
                false,
                true,
                false,
                "PUBLISHED",
                TOKEN,
                KEY,
                "",
                mode,
                xml);
    }

    @Test
    void nothing_and_success_do_in_every_mode() {
        for (var mode : PushMode.values()) {
            for (var xml : new boolean[] {true, false}) {
                var reply = expecting(mode, xml);

                assertThat(reply.acknowledges(200, "")).isTrue();
                assertThat(reply.acknowledges(200, "success")).isTrue();
                assertThat(reply.acknowledges(200, "fail")).isFalse();
                assertThat(reply.acknowledges(500, "success")).isFalse();
            }
        }
    }

    @Test
    void error_code_zero_does_in_the_format_of_the_push() {
        assertThat(expecting(PushMode.PLAIN, false).acknowledges(200, DONE)).isTrue();
        assertThat(expecting(PushMode.COMPATIBLE, false).acknowledges(200, DONE))
                .isTrue();
        assertThat(expecting(PushMode.PLAIN, true).acknowledges(200, DONE_XML)).isTrue();
        assertThat(expecting(PushMode.PLAIN, false).acknowledges(200, DONE_XML)).isFalse();
        assertThat(expecting(PushMode.PLAIN, true).acknowledges(200, DONE)).isFalse();
        assertThat(expecting(PushMode.PLAIN, false).acknowledges(200, DONE.replace("0", "1")))
                .isFalse();
    }

    @Test
    void in_safe_mode_it_is_encrypted_and_signed() {
        assertThat(expecting(PushMode.SAFE, false).acknowledges(200, DONE)).isFalse();
        assertThat(expecting(PushMode.SAFE, false).acknowledges(200, sealed(DONE, APP_ID, TOKEN)))
                .isTrue();
        assertThat(expecting(PushMode.SAFE, false).acknowledges(200, sealed(DONE, APP_ID, "other")))
                .isFalse();
        assertThat(expecting(PushMode.SAFE, false).acknowledges(200, sealed(DONE, "wx0", TOKEN)))
                .isFalse();
        assertThat(expecting(PushMode.SAFE, false).acknowledges(200, sealed(DONE.replace("0", "7"), APP_ID, TOKEN)))
                .isFalse();
        var encrypted = encrypted(DONE_XML, APP_ID);
        var xml = "<xml><Encrypt><![CDATA[" + encrypted + "]]></Encrypt><MsgSignature><![CDATA["
                + VirtualSignature.ofPush(TOKEN, "1", "n", encrypted)
                + "]]></MsgSignature><TimeStamp>1</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>";
        assertThat(expecting(PushMode.SAFE, true).acknowledges(200, xml)).isTrue();
    }

    private static String encrypted(String message, String appId) {
        return new PushCipher(KEY).encrypt("0123456789abcdef", message, appId);
    }

    private static String sealed(String message, String appId, String token) {
        var encrypted = encrypted(message, appId);
        return "{\"Encrypt\":\"" + encrypted + "\",\"MsgSignature\":\""
                + VirtualSignature.ofPush(token, "1714112445", "n", encrypted)
                + "\",\"TimeStamp\":1714112445,\"Nonce\":\"n\"}";
    }
}
