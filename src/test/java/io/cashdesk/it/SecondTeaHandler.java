package io.cashdesk.it;

import io.cashdesk.handler.PaidHandler;
import io.cashdesk.handler.PaidOrder;
import jakarta.enterprise.context.ApplicationScoped;

/** A second handler for the same type, which is refused at the start. */
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
