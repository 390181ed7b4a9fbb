package io.cashdesk.provider;

import jakarta.json.Json;
import java.io.StringReader;

/**
 * One try as its provider knows it.
 *
 * @param payType the product, as in the API: "wxpay_h5", "alipay_codepay"
 * @param attemptNo the number it carries there
 * @param sub on whose behalf it was made
 */
public record AttemptRef(String payType, String attemptNo, SubMerchant sub) {
    /** @param request what was asked, as it was written down: JSON, with the sub-merchant under {@code sub} if there is one */
    public static AttemptRef of(String payType, String attemptNo, String request) {
        try (var reader = Json.createReader(new StringReader(request))) {
            return new AttemptRef(
                    payType, attemptNo, SubMerchant.of(reader.readObject().getJsonObject("sub")));
        }
    }
}
