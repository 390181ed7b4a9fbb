package io.cashdesk.provider.vkspay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.provider.AccountSettings;
import jakarta.json.JsonValue.ValueType;
import java.util.Arrays;

/** The protocols that an account may speak; {@code dialect} in the node says which. */
enum Dialect {
    /** The VksPay gateway: JSON, MD5. */
    VKSPAY("vkspay"),
    /** 易支付 with submit.php, mapi.php and api.php: forms, MD5. */
    EPAY_V1("epay-v1"),
    /** 易支付 with /api/pay/*: forms, RSA. */
    EPAY_V2("epay-v2");

    private final String wireName;

    Dialect(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The node's; VksPay where it names none.
     *
     * @throws io.cashdesk.provider.WrongNodeValue if there is no such dialect
     */
    static Dialect of(AccountSettings settings) {
        var named = settings.text("dialect");
        var given = settings.values().get("dialect");
        require(
                given == null || given.getValueType() != ValueType.NUMBER,
                "dialect 应为 vkspay（不填即为 vkspay）、epay-v1 或 epay-v2",
                "dialect must be vkspay (so it is where it is absent), epay-v1 or epay-v2");
        if (named.isEmpty()) return VKSPAY;
        var found =
                Arrays.stream(values()).filter(d -> d.wireName.equals(named)).findFirst();
        require(
                found.isPresent(),
                "dialect 应为 vkspay（不填即为 vkspay）、epay-v1 或 epay-v2",
                "dialect must be vkspay (so it is where it is absent), epay-v1 or epay-v2");
        return found.orElseThrow();
    }

    boolean isEpay() {
        return this != VKSPAY;
    }

    @Override
    public String toString() {
        return wireName;
    }
}
