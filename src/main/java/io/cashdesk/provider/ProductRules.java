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
 * @param needsPayerAddress whether the wallet compares the address in the request with that of the payer's browser
 * @param keepsExpiry whether the provider can be told until when a payment may be made; a deadline of the caller's is
 *     refused otherwise
 * @param onPages whether a browser can use it, on a checkout page; not the products of apps and mini-programs
 */
public record ProductRules(
        String node,
        Duration shortestLife,
        Duration leastNotice,
        boolean needsOpenid,
        boolean needsPayerAddress,
        boolean keepsExpiry,
        boolean onPages) {
    /** Any expiry is kept to the second, and the provider need not know the payer. */
    public static ProductRules of(String node) {
        return new ProductRules(node, Duration.ofSeconds(1), Duration.ofSeconds(1), false, false, true, true);
    }

    /** The provider keeps no expiry nearer than this. */
    public ProductRules livesAtLeast(Duration life) {
        var notice = leastNotice.compareTo(life) < 0 ? life : leastNotice;
        return new ProductRules(node, life, notice, needsOpenid, needsPayerAddress, keepsExpiry, onPages);
    }

    /** A merchant's own deadline must be at least this far in the future. */
    public ProductRules withNotice(Duration notice) {
        return new ProductRules(node, shortestLife, notice, needsOpenid, needsPayerAddress, keepsExpiry, onPages);
    }

    /** The request must say who pays. */
    public ProductRules withOpenid() {
        return new ProductRules(node, shortestLife, leastNotice, true, needsPayerAddress, keepsExpiry, onPages);
    }

    /** The request must have the address of the payer's browser. */
    public ProductRules withPayerAddress() {
        return new ProductRules(node, shortestLife, leastNotice, needsOpenid, true, keepsExpiry, onPages);
    }

    /** The provider cannot be told until when it may be paid. */
    public ProductRules withoutExpiry() {
        return new ProductRules(node, shortestLife, leastNotice, needsOpenid, needsPayerAddress, false, onPages);
    }

    /** No browser can use it: the payer pays in an app or a mini-program, or shows a payment code. */
    public ProductRules notOnPages() {
        return new ProductRules(node, shortestLife, leastNotice, needsOpenid, needsPayerAddress, keepsExpiry, false);
    }
}
