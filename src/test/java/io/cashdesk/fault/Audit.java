package io.cashdesk.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Compares the providers' records with ours, and both with what merchants received and were promised. It knows the
 * rules of docs/reliability.md and nothing of the code that keeps them.
 */
abstract class Audit {
    final Evidence evidence;
    final Map<UUID, OurRecords.Order> orders;
    private final List<Difference> differences = new ArrayList<>();

    Audit(Evidence evidence) {
        this.evidence = evidence;
        this.orders = evidence.orders();
    }

    static List<Difference> differences(Evidence evidence) {
        return Stream.of(
                        new PaymentAudit(evidence),
                        new RefundAudit(evidence),
                        new OrderAudit(evidence),
                        new WebhookAudit(evidence),
                        new PromiseAudit(evidence))
                .flatMap(audit -> {
                    audit.compare();
                    return audit.differences.stream();
                })
                .toList();
    }

    abstract void compare();

    final void differ(String number, String what, Object provider, Object ours) {
        differences.add(new Difference(number, what, String.valueOf(provider), String.valueOf(ours)));
    }

    final String number(UUID order) {
        return orders.get(order).number();
    }
}
