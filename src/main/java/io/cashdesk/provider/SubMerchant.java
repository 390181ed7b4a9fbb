package io.cashdesk.provider;

/**
 * On whose behalf a service provider collects. Each part is an empty text where it is not used.
 *
 * @param mchId WeChat Pay {@code sub_mchid}
 * @param appId WeChat Pay {@code sub_appid}: given when the payer's openid belongs to the sub-merchant's own
 *     application
 * @param token Alipay {@code app_auth_token}
 */
public record SubMerchant(String mchId, String appId, String token) {
    /** A merchant who collects for himself. */
    public static final SubMerchant NONE = new SubMerchant("", "", "");

    /** The token as people may see it: the first and last four characters, or an empty text if there is none. */
    public String maskedToken() {
        if (token.isEmpty()) return "";
        return token.length() < 16 ? "****" : token.substring(0, 4) + "****" + token.substring(token.length() - 4);
    }

    @Override
    public String toString() {
        return mchId.isEmpty() ? "-" : mchId; // never the token
    }
}
