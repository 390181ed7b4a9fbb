package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.Ability;
import java.util.Map;
import java.util.Optional;

/** What the protocols do not have, with the section of the reference (vkspay.md) that says so. */
final class VkspayLimits {
    private VkspayLimits() {}

    private static final String ONE_NODE = "vkspay.md §1.1: the configuration is one node {mchId, key}; no transfers";
    private static final String QUERY_SETTLES =
            "vkspay.md §4: in all dialects a notification is followed by a query, and only its answer counts";
    private static final String V1_ANSWERS = "vkspay.md §2.3 and §2.5: replies have code and msg, and no sign";
    private static final String V1_CLOSE =
            "vkspay.md §2.5: api.php has query, settle, order, orders and refund, no close";

    private static final Map<Dialect, Map<Ability, String>> LIMITS = Map.of(
            Dialect.VKSPAY,
                    Map.of(
                            Ability.CLOSE,
                            "vkspay.md §1.2: the methods are webpay, micropay, orderquery, orderrefund, orderrefundquery",
                            Ability.OUR_NUMBER,
                            "vkspay.md §1.2: out_trade_no is assigned by the gateway",
                            Ability.LISTED_STATES,
                            "vkspay.md §1.2: return_code is SUCCESS or something else",
                            Ability.SIGNED_ANSWERS,
                            "vkspay.md §1.2: responses are not signed",
                            Ability.SIGNED_NOTIFICATIONS,
                            "vkspay.md §1.3: whether notifications are signed is not defined",
                            Ability.NOTIFICATIONS_THAT_PROVE,
                            QUERY_SETTLES,
                            Ability.TRANSFER_NODE,
                            ONE_NODE),
            Dialect.EPAY_V1,
                    Map.of(
                            Ability.CLOSE,
                            V1_CLOSE,
                            Ability.SIGNED_ANSWERS,
                            V1_ANSWERS,
                            Ability.NOTIFICATIONS_THAT_PROVE,
                            QUERY_SETTLES,
                            Ability.TRANSFER_NODE,
                            ONE_NODE),
            Dialect.EPAY_V2, Map.of(Ability.NOTIFICATIONS_THAT_PROVE, QUERY_SETTLES, Ability.TRANSFER_NODE, ONE_NODE));

    static Optional<String> cannot(Dialect dialect, Ability ability) {
        return Optional.ofNullable(LIMITS.get(dialect).get(ability));
    }
}
