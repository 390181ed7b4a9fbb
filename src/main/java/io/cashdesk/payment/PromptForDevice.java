package io.cashdesk.payment;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Begins the payment of an order that has a page, for a caller who shows the code or opens the address itself instead
 * of our page.
 */
@ApplicationScoped
public class PromptForDevice {
    private static final Client SCREEN = new Client("h5", "", true, true, false, false);

    private static final Client PHONE = new Client("h5", "Mobile", false, false, false, false);

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    Settings settings;

    /** One of both: the text of a code that the payer scans, or an address that the payer's device opens. */
    public record Shown(Optional<String> code, Optional<String> address) {
        public static final Shown NOTHING = new Shown(Optional.empty(), Optional.empty());
    }

    /**
     * Completes with what the first way to pay of the order shows, or with nothing if none of its ways can begin
     * without our page; or with a problem.
     *
     * @param phone whether the payer's own phone opens it; otherwise another screen shows a code
     * @param clientIp the payer's address
     */
    public CompletionStage<Shown> of(PayOrder order, boolean phone, String clientIp) {
        var client = phone ? PHONE : SCREEN;
        var way = payByCheckout.waysFor(order, client).here().stream()
                .filter(w -> !w.needsOpenid() && !(phone && w.isCode()))
                .findFirst();
        if (way.isEmpty()) return CompletableFuture.completedFuture(Shown.NOTHING);
        var backTo = URI.create(settings.baseUrl() + "/checkout/" + order.checkoutToken() + "/back");
        var provider = way.get().provider().name().value();
        return payByCheckout
                .start(order, provider, client, clientIp, "", backTo)
                .thenApply(attempt -> payByCheckout
                        .prompt(attempt, backTo)
                        .map(PromptForDevice::shown)
                        .orElse(Shown.NOTHING));
    }

    private static Shown shown(PaymentPrompt prompt) {
        if (prompt instanceof PaymentPrompt.ScanQrCode scan) {
            return new Shown(Optional.of(scan.content()), Optional.empty());
        }
        return prompt instanceof PaymentPrompt.GoTo go
                ? new Shown(Optional.empty(), Optional.of(go.url()))
                : Shown.NOTHING;
    }
}
