package io.cashdesk.simulator.appleiap;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The products that every simulated app sells.
 *
 * @param price milliunits of yuan a piece: 6000 is 6.00
 */
record AppleProduct(String id, String type, long price) {
    static final String CONSUMABLE = "Consumable";
    static final String SUBSCRIPTION = "Auto-Renewable Subscription";

    static final List<AppleProduct> ALL = List.of(
            new AppleProduct("coins60", CONSUMABLE, 6_000),
            new AppleProduct("vip", SUBSCRIPTION, 18_000),
            new AppleProduct("film", "Non-Consumable", 12_000),
            new AppleProduct("pass", "Non-Renewing Subscription", 30_000));

    static Optional<AppleProduct> named(String id) {
        return ALL.stream().filter(p -> p.id().equals(id)).findFirst();
    }

    static List<String> ids() {
        return ALL.stream().map(AppleProduct::id).toList();
    }

    /** The product that {@link AppleFault#PURCHASE_OF_OTHER_PRODUCT} puts in the place of this one. */
    static String other(String id) {
        return id.equals("film") ? "coins60" : "film";
    }

    /** Where a purchase was made. */
    enum Environment {
        PRODUCTION("Production"),
        SANDBOX("Sandbox"),
        /** A test in the developer's Xcode, which signs by itself; Apple's servers know nothing of it. */
        XCODE("Xcode"),
        /** As XCODE, in tests without Xcode. */
        LOCAL_TESTING("LocalTesting");

        private final String text;

        Environment(String text) {
            this.text = text;
        }

        /** Apple's word. */
        String text() {
            return text;
        }

        /** Whether Apple's servers know the purchase and sign it. */
        boolean atApple() {
            return this == PRODUCTION || this == SANDBOX;
        }

        static Optional<Environment> of(String text) {
            return Arrays.stream(values()).filter(e -> e.text.equals(text)).findFirst();
        }

        static List<String> texts() {
            return Arrays.stream(values()).map(Environment::text).toList();
        }
    }
}
