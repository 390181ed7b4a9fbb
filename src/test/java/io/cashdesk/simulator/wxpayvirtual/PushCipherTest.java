package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** With the published messages of WeChat's page about message push. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PushCipherTest {
    static final String APP_ID = "wxba5fad812f8e6fb9";

    static final String EVENT =
            "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
                    + "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2"
                    + "IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPA"
                    + "JGj04=";

    static final String REPLY =
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";

    private static final String MESSAGE = "{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":"
            + "\"o9AgO5Kd5ggOC-bXrbNODIiE3bGY\",\"CreateTime\":1714112445,\"MsgType\":\"event\",\"Event\":\"debug_demo\","
            + "\"debug_str\":\"hello world\"}";

    private final PushCipher cipher = new PushCipher("A".repeat(43));

    @Test
    void an_event_is_encrypted_as_published() throws Exception {
        assertThat(cipher.encrypt("a8eedb185eb2fecf", MESSAGE, APP_ID)).isEqualTo(EVENT);
        assertThat(cipher.decrypt(EVENT, APP_ID)).isEqualTo(MESSAGE);
    }

    @Test
    void a_reply_is_encrypted_as_published() throws Exception {
        assertThat(cipher.encrypt("707722b803182950", "{\"demo_resp\":\"good luck\"}", APP_ID))
                .isEqualTo(REPLY);
        assertThat(cipher.decrypt(REPLY, APP_ID)).isEqualTo("{\"demo_resp\":\"good luck\"}");
    }

    @Test
    void every_length_comes_back_whatever_the_padding() throws Exception {
        for (int length = 0; length < 70; length++) {
            var message = "语".repeat(length / 3) + "x".repeat(length % 3);

            assertThat(cipher.decrypt(cipher.encrypt("0123456789abcdef", message, APP_ID), APP_ID))
                    .isEqualTo(message);
        }
    }

    @Test
    void what_is_of_another_application_or_was_changed_is_not_read() {
        var changed = EVENT.substring(0, 100) + (EVENT.charAt(100) == 'A' ? 'B' : 'A') + EVENT.substring(101);

        assertThatThrownBy(() -> cipher.decrypt(EVENT, "wx0000000000000000"))
                .isInstanceOf(PushCipher.Unreadable.class)
                .hasMessageContaining(APP_ID);
        assertThatThrownBy(() -> cipher.decrypt("not base64", APP_ID)).isInstanceOf(PushCipher.Unreadable.class);
        assertThatThrownBy(() -> cipher.decrypt("", APP_ID)).isInstanceOf(PushCipher.Unreadable.class);
        assertThatThrownBy(() -> assertThat(cipher.decrypt(changed, APP_ID)).isEqualTo(MESSAGE))
                .isNotNull();
    }
}
