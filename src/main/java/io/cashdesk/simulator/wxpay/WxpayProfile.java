package io.cashdesk.simulator.wxpay;

import java.util.UUID;

/**
 * What WeChat Pay stores of an account beside {@link io.cashdesk.simulator.Account}.
 *
 * @param secret of the application, for its login
 * @param subMchid the one sub-merchant for which this account may act
 * @param subAppid the application that is bound to the sub-merchant
 * @param signsWith the key with which WeChat Pay signs for this account: PUBLIC_KEY or CERTIFICATE
 */
public record WxpayProfile(UUID accountId, String secret, String subMchid, String subAppid, String signsWith) {
    boolean signsWithCertificate() {
        return signsWith.equals(WxpayPlatform.CERTIFICATE);
    }
}
