package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * On whose behalf a payment is collected (docs/api.md, "Sub-merchants"). A node with {@code subMerchants} is a service
 * provider's: without one of them in the call, the money would be paid to the service provider.
 */
final class OnBehalf {
    /**
     * Without them another merchant is paid, so an empty text or {@code null}, perhaps a variable without a value, is
     * refused.
     */
    static final List<String> FIELDS = List.of("sub_mchid", "sub_appid", "app_auth_token");

    private static final Pattern MCH_ID = Pattern.compile("[0-9]*");

    private static final Pattern APP_ID = Pattern.compile("[0-9A-Za-z_-]*");

    private OnBehalf() {}

    /** Refuses fields that are present without a value. */
    static void refuseEmpty(JsonBody data) {
        for (var name : FIELDS) {
            var value = data.json().get(name);
            if (value == JsonValue.NULL
                    || (value instanceof JsonString text && text.getString().isBlank())) {
                throw data.malformed(name, "文本，或不传该字段", "a text, or no such field");
            }
        }
    }

    /** As a call names it; {@link SubMerchant#NONE} if it does not. */
    static SubMerchant read(JsonBody data) {
        var mchId = data.text("sub_mchid", 32).orElse("");
        var appId = data.text("sub_appid", 32).orElse("");
        if (!MCH_ID.matcher(mchId).matches()) {
            throw data.malformed("sub_mchid", "1 至 32 位数字", "1 to 32 digits");
        }
        if (!APP_ID.matcher(appId).matches()) {
            throw data.malformed("sub_appid", "应用 id：字母、数字、_ 和 -", "an application's id: letters, digits, _ and -");
        }
        if (!appId.isEmpty() && mchId.isEmpty()) {
            throw data.malformed("sub_appid", "与 data.sub_mchid 一起传入", "sent together with data.sub_mchid");
        }
        return new SubMerchant(mchId, appId, data.text("app_auth_token", 128).orElse(""));
    }

    /**
     * Why this account cannot collect for this sub-merchant; empty if it can.
     *
     * @param mode in test mode an account may also collect for itself, whatever sub-merchants it has: no money is paid
     * @param sub with the node's own token, where the call has none
     */
    static Optional<LocalizedText> refusal(
            PaymentProvider provider, AccountSettings account, Mode mode, SubMerchant sub) {
        var listed = account.values().get("subMerchants") instanceof JsonArray array ? array : null;
        var named = listed != null
                && listed.stream()
                        .anyMatch(
                                v -> v instanceof JsonString s && s.getString().equals(sub.mchId()));
        if (listed != null && !named && !sub.mchId().isEmpty()) {
            return Optional.of(new LocalizedText(
                    "sub_mchid " + sub.mchId() + " 不在该节点的 subMerchants 中",
                    "sub_mchid " + sub.mchId() + " is not among its subMerchants"));
        }
        if (listed != null && !listed.isEmpty() && sub.mchId().isEmpty() && mode == Mode.LIVE) {
            return Optional.of(new LocalizedText(
                    "该节点有 subMerchants，必须用 sub_mchid 指明其中之一，否则款项会进入服务商自己的账户",
                    "it has subMerchants, so the call must name one of them in sub_mchid; otherwise the service"
                            + " provider itself would be paid"));
        }
        if (!sub.mchId().isEmpty() && sub.mchId().equals(account.text("mchId"))) {
            return Optional.of(new LocalizedText(
                    "sub_mchid 不能是服务商自己的商户号", "sub_mchid must not be the service provider's own number"));
        }
        var byToken = provider.subMerchantField().equals("app_auth_token");
        var lost = byToken
                ? sub.token().isEmpty() && !sub.mchId().isEmpty()
                : sub.mchId().isEmpty() && !sub.token().isEmpty();
        return lost
                ? Optional.of(new LocalizedText(
                        provider.name() + " 用 " + provider.subMerchantField() + " 指明代收的商户，请求中没有",
                        provider.name() + " takes " + provider.subMerchantField()
                                + " to know for whom it collects, which the call does not have"))
                : Optional.empty();
    }

    /** The same with the token of the node where there is no other. */
    static SubMerchant withTokenOf(AccountSettings account, SubMerchant sub) {
        return sub.token().isEmpty() ? new SubMerchant(sub.mchId(), sub.appId(), account.text("appAuthToken")) : sub;
    }

    /** What the provider receives of it. */
    static SubMerchant of(PaymentProvider provider, SubMerchant sub) {
        return provider.subMerchantField().equals("app_auth_token")
                ? new SubMerchant("", "", sub.token())
                : new SubMerchant(sub.mchId(), sub.appId(), "");
    }
}
