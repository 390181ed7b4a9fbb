package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Account;
import jakarta.json.JsonObject;

/** An app and its keys in App Store Connect, as the account's node has them. */
record AppleApp(Account account, JsonObject node) {
    static AppleApp of(Account account) {
        return new AppleApp(account, account.storedNode());
    }

    String bundleId() {
        return account.mchNo();
    }

    long appAppleId() {
        return node.getJsonNumber("appAppleId").longValueExact();
    }

    String issuerId() {
        return node.getString("issuerId");
    }

    String keyId() {
        return account.serial();
    }

    /** The secret of the app for {@code verifyReceipt}. */
    String password() {
        return account.sharedKey();
    }
}
