package io.cashdesk.it;

import io.cashdesk.handler.PaidHandler;
import io.cashdesk.handler.PaidOrder;
import jakarta.enterprise.context.ApplicationScoped;

/** One too many for its type. */
@ApplicationScoped
public class SecondTeaHandler implements PaidHandler {
    @Override
    public String type() {
        return "tea";
    }

    @Override
    public boolean paid(PaidOrder order) {
        return true;
    }
}
