package io.cashdesk.provider;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/**
 * On whose behalf a service provider collects. Each part is an empty text where it is not used.
 *
 * @param mchId WeChat Pay {@code sub_mchid}
 * @param appId WeChat Pay {@code sub_appid}: given when the payer's openid belongs to the sub-merchant's own application
 * @param token Alipay {@code app_auth_token}
 */
public record SubMerchant(String mchId, String appId, String token) {
    /** A merchant who collects for himself. */
    public static final SubMerchant NONE = new SubMerchant("", "", "");

    /** As {@link #stored()} wrote it; null is nobody. */
    static SubMerchant of(JsonObject stored) {
        if (stored == null) return NONE;
        return new SubMerchant(
                stored.getString("mch_id", ""), stored.getString("app_id", ""), stored.getString("token", ""));
    }

    public JsonObject stored() {
        return Json.createObjectBuilder()
                .add("mch_id", mchId)
                .add("app_id", appId)
                .add("token", token)
                .build();
    }

    @Override
    public String toString() {
        return mchId.isEmpty() ? "-" : mchId; // never the token
    }
}
