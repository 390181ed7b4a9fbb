package io.cashdesk.manage;

import io.cashdesk.account.Accounts;
import io.cashdesk.merchant.MerchantView;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** Merchants and their provider accounts in answers. */
final class MerchantJson {
    private MerchantJson() {}

    static JsonObject merchant(MerchantView merchant) {
        var branding = Json.createObjectBuilder();
        merchant.accent().ifPresent(a -> branding.add("accent", a));
        var contact = Json.createObjectBuilder();
        merchant.contact().phone().ifPresent(phone -> contact.add("phone", phone));
        merchant.contact().email().ifPresent(email -> contact.add("email", email));
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("pid", merchant.pid())
                .add("name", merchant.name())
                .add("return_urls", Json.createArrayBuilder(merchant.returnUrls()))
                .add("origins", Json.createArrayBuilder(merchant.origins()))
                .add("late_payment", word(merchant.latePayment()))
                .add("duplicate_payment", word(merchant.duplicatePayment()))
                .add("branding", branding)
                .add("contact", contact)
                .build();
    }

    static JsonObject providers(List<ProviderNodeView> configured) {
        var nodes = Json.createArrayBuilder();
        var fingerprints = Json.createObjectBuilder();
        var addresses = Json.createObjectBuilder();
        var circuits = Json.createObjectBuilder();
        for (var node : configured) {
            nodes.add(node.name());
            fingerprints.add(node.name(), node.fingerprint());
            addresses.add(node.name(), node.notifyUrl().toString());
            node.circuit()
                    .ifPresent(c -> circuits.add(
                            node.name(),
                            Json.createObjectBuilder()
                                    .add("state", c.state())
                                    .add("calls", c.calls())
                                    .add("failed", c.failed())));
        }
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("nodes", nodes)
                .add("fingerprints", fingerprints)
                .add("notify_urls", addresses)
                .add("circuits", circuits)
                .build();
    }

    static JsonObject testAccounts(List<Accounts.TestAccount> accounts) {
        var list = Json.createArrayBuilder();
        for (var account : accounts) {
            list.add(Json.createObjectBuilder()
                    .add("provider", account.provider())
                    .add("nodes", Json.createArrayBuilder(account.nodes()))
                    .addAll(Json.createObjectBuilder(account.identifiers())));
        }
        return Json.createObjectBuilder().add("code", 0).add("accounts", list).build();
    }

    /** A policy as the API names it: "refund". */
    static String word(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }
}
