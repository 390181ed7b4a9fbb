package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.auth.Credential;
import com.wechat.pay.java.core.auth.Validator;
import com.wechat.pay.java.core.cipher.Signer;
import com.wechat.pay.java.core.cipher.Verifier;
import com.wechat.pay.java.core.http.Constant;
import com.wechat.pay.java.core.http.HttpHeaders;
import com.wechat.pay.java.core.util.NonceUtil;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Signs requests and checks answers with the node's clock. The SDK's {@code WechatPay2Credential} and
 * {@code WechatPay2Validator} read the system clock: one that is wrong would make WeChat Pay refuse every request, and
 * this server every answer.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365334">signing a request</a>
 */
final class V3Signing {
    /** An answer whose time differs by this or more is not accepted: it may be a repeated one. */
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private static final int NONCE_LENGTH = 32;

    private V3Signing() {}

    static Credential credential(String mchId, Signer signer, Clock clock) {
        return new ClockCredential(mchId, signer, clock);
    }

    /** @param serial names the key of WeChat Pay in requests; the SDK's own drops leading zeros */
    static Validator validator(Verifier verifier, Supplier<String> serial, Clock clock) {
        return new ClockValidator(verifier, serial, clock);
    }

    private record ClockCredential(String mchId, Signer signer, Clock clock) implements Credential {
        @Override
        public String getSchema() {
            return "WECHATPAY2-" + signer.getAlgorithm();
        }

        @Override
        public String getMerchantId() {
            return mchId;
        }

        @Override
        public String getAuthorization(URI uri, String method, String body) {
            var nonce = NonceUtil.createNonce(NONCE_LENGTH);
            var seconds = clock.instant().getEpochSecond();
            var path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            var text = String.join("\n", method, path, Long.toString(seconds), nonce, body) + "\n";
            var signed = signer.sign(text);
            return "%s mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%d\",serial_no=\"%s\",signature=\"%s\""
                    .formatted(
                            getSchema(), mchId, nonce, seconds, signed.getCertificateSerialNumber(), signed.getSign());
        }
    }

    private record ClockValidator(Verifier verifier, Supplier<String> serial, Clock clock) implements Validator {
        /** @throws IllegalArgumentException if the answer has no time, or one that is too far away */
        @Override
        public <T> boolean validate(HttpHeaders headers, String body) {
            var timestamp = headers.getHeader(Constant.WECHAT_PAY_TIMESTAMP);
            if (isTooFar(timestamp)) {
                throw new IllegalArgumentException("the answer's time is more than five minutes off: " + timestamp);
            }
            var text = timestamp + "\n" + headers.getHeader(Constant.WECHAT_PAY_NONCE) + "\n"
                    + (body == null ? "" : body) + "\n";
            return verifier.verify(
                    headers.getHeader(Constant.WECHAT_PAY_SERIAL),
                    text,
                    headers.getHeader(Constant.WECHAT_PAY_SIGNATURE));
        }

        private boolean isTooFar(String timestamp) {
            try {
                var answered = Instant.ofEpochSecond(Long.parseLong(timestamp));
                return Duration.between(answered, clock.instant()).abs().compareTo(MAX_SKEW) >= 0;
            } catch (NumberFormatException | DateTimeException e) { // no time at all
                return true;
            }
        }

        @Override
        public <T> String getSerialNumber() {
            return serial.get();
        }
    }
}
