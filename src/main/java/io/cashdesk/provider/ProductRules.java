package io.cashdesk.provider;

import java.time.Duration;

/**
 * What holds for one product of a provider, whatever the account.
 *
 * @param node the node of the merchant's configuration that this product uses: "h5"
 * @param shortestLife the shortest life that the provider gives a payment: an earlier expiry would not be kept
 * @param leastNotice how far in the future a merchant's own deadline must be at least; more than {@code shortestLife}
 *     where payers need longer
 * @param needsOpenid whether the request must say who pays, so that the payer's openid must be known first
 */
public record ProductRules(String node, Duration shortestLife, Duration leastNotice, boolean needsOpenid) {
    /** Any expiry is kept to the second, and the provider need not know the payer. */
    public static ProductRules of(String node) {
        return new ProductRules(node, Duration.ofSeconds(1), Duration.ofSeconds(1), false);
    }

    /** The provider keeps no expiry nearer than this. */
    public ProductRules livesAtLeast(Duration life) {
        return new ProductRules(node, life, leastNotice.compareTo(life) < 0 ? life : leastNotice, needsOpenid);
    }

    /** A merchant's own deadline must be at least this far in the future. */
    public ProductRules withNotice(Duration notice) {
        return new ProductRules(node, shortestLife, notice, needsOpenid);
    }

    /** The request must say who pays. */
    public ProductRules withOpenid() {
        return new ProductRules(node, shortestLife, leastNotice, true);
    }
}
