package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Signatures, compared with those that WeChat Pay published. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RsaTest {
    static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/provider", name)).strip();
    }

    static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    @Test
    void signs_a_published_request_as_published() throws IOException {
        var message = "POST\n/v3/pay/transactions/jsapi\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
                + resource("wxpay/published-request.json") + "\n";

        assertThat(Rsa.sign(message, bare(resource("wxpay/published-key.pem"))))
                .isEqualTo(resource("wxpay/published-request.signature"));
    }

    @Test
    void accepts_a_published_answer_and_refuses_it_with_one_byte_changed() throws IOException {
        var key = bare(resource("wxpay/published-wechat-key.pem"));
        var signature = resource("wxpay/published-answer.signature");
        var message =
                "1722850421\nd824f2e086d3c1df967785d13fcd22ef\n{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}\n";

        assertThat(Rsa.verify(message, signature, key)).isTrue();
        assertThat(Rsa.verify(message.replace("JyC", "JyD"), signature, key)).isFalse();
        assertThat(Rsa.verify(message, "WECHATPAY/SIGNTEST/x", key)).isFalse();
    }
}
