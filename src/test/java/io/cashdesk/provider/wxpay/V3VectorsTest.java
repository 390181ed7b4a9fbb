package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.cipher.RSAVerifier;
import com.wechat.pay.java.core.util.PemUtil;
import io.cashdesk.provider.Recorded;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** WeChat Pay's published examples, checked with the used parts of its SDK. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class V3VectorsTest {
    @Test
    void signs_the_published_request_as_published() {
        var signer =
                new RSASigner("serial", PemUtil.loadPrivateKeyFromString(Recorded.text("wxpay/published-key.pem")));
        var message = "POST\n/v3/pay/transactions/jsapi\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
                + Recorded.text("wxpay/published-request.json") + "\n";

        assertThat(signer.sign(message).getSign()).isEqualTo(Recorded.text("wxpay/published-request.signature"));
    }

    /** The last signed line is {@code prepay_id=…} for pages and mini-programs, and the bare id for apps. */
    @Test
    void signs_the_published_wallet_parameters_as_published() {
        var key = PemUtil.loadPrivateKeyFromString(Recorded.text("wxpay/published-key.pem"));
        var account = new V3Account("wx2421b1c4370ec43b", "1900007291", "", "serial", key, "", null);
        var time = "1554208460";
        var nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
        var prepayId = "wx201410272009395522657a690389285100";

        assertThat(V3WalletParameters.sign(account, "wx2421b1c4370ec43b", time, nonce, "prepay_id=" + prepayId))
                .isEqualTo(Recorded.text("wxpay/published-jsapi.signature"));
        assertThat(V3WalletParameters.sign(account, "wx2421b1c4370ec43b", time, nonce, prepayId))
                .isEqualTo(Recorded.text("wxpay/published-app.signature"));
    }

    @Test
    void accepts_the_published_answer_and_not_a_changed_one() {
        var key = PemUtil.loadPublicKeyFromString(Recorded.text("wxpay/published-wechat-key.pem"));
        var verifier = new RSAVerifier(key, "PUB_KEY_ID_1");
        var message =
                "1722850421\nd824f2e086d3c1df967785d13fcd22ef\n{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}\n";
        var signature = Recorded.text("wxpay/published-answer.signature");

        assertThat(verifier.verify("PUB_KEY_ID_1", message, signature)).isTrue();
        assertThat(verifier.verify("PUB_KEY_ID_1", message.replace("JyC", "JyD"), signature))
                .isFalse();
        assertThat(verifier.verify("PUB_KEY_ID_2", message, signature)).isFalse();
    }

    @Test
    void decrypts_the_published_ciphertext() {
        var cipher = new AeadAesCipher("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb".getBytes(StandardCharsets.US_ASCII));

        var opened = cipher.decrypt(
                "associatedData".getBytes(StandardCharsets.US_ASCII),
                "uluk4a9R25RW".getBytes(StandardCharsets.US_ASCII),
                Base64.getDecoder().decode("ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI="));

        assertThat(opened).isEqualTo("message");
    }
}
