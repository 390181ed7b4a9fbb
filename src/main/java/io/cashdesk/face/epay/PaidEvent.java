package io.cashdesk.face.epay;

import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.payment.Wallets;
import io.cashdesk.webhook.EventFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * The notification of epay: GET at the address that the order names, until the answer contains {@code success}. It is
 * signed anew for each try, because version 2 signs the time too.
 */
@ApplicationScoped
class PaidEvent implements EventFormat {
    static final String FORMAT = "epay";

    @Inject
    EpayAccesses accesses;

    @Inject
    Signed signed;

    @Inject
    Wallets wallets;

    @Override
    public String format() {
        return FORMAT;
    }

    /** The endpoint of all notifications of this mode. */
    static String endpoint(Mode mode) {
        return FORMAT + "." + mode.word();
    }

    @Override
    public Optional<String> callback(PayOrderChanged change) {
        var order = change.order();
        return change.kind() == PayOrderChanged.Kind.PAID
                ? order.epay().map(epay -> endpoint(order.mode()))
                : Optional.empty(); // epay has no events for these
    }

    @Override
    public Optional<String> target(PayOrderChanged change) {
        return change.order().epay().map(epay -> epay.notifyUrl());
    }

    /** The parameters, without their signature. */
    @Override
    public String body(PayOrderChanged change) {
        var order = change.order();
        var access = accesses.of(order.merchantId(), order.mode()).orElseThrow();
        return Signed.encoded(Trade.paid(order, access.pid(), wallets.of(order)));
    }

    @Override
    public Optional<URI> called(UUID merchant, String target, String body) {
        var parameters = Parameters.of(body, new byte[0], null);
        var access = accesses.byPid(Long.parseLong(parameters.required("pid")))
                .filter(a -> a.merchantId().equals(merchant))
                .orElseThrow();
        return Optional.of(URI.create(Signed.address(target, signed.query(access, parameters.all()))));
    }

    @Override
    public Optional<String> refusal(String answer) {
        var acknowledged = answer.contains("success") || answer.contains("SUCCESS") || answer.contains("Success");
        return acknowledged ? Optional.empty() : Optional.of("the answer does not contain success");
    }
}
