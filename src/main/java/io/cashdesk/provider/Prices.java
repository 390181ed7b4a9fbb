package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;

/**
 * A provider whose price list decides what a payment costs: a call names what is bought, and an amount of the caller's
 * is ignored.
 */
public interface Prices {
    /** The field of {@code data} that names what is bought; no other provider takes it: "wxpay_virtual". */
    String field();

    /**
     * What it costs.
     *
     * @param goods what is bought, as the record shows it ({@code expand_data}) and as {@link PaymentRequest#goods} has
     *     it
     */
    record Priced(Money total, JsonObject goods) {}

    /**
     * Checks what is bought.
     *
     * @param asked the value of {@link #field}, or null if the call has none
     * @throws io.cashdesk.ground.problem.Problem that names what is missing or wrong; nothing is rounded
     */
    Priced price(AccountSettings account, JsonObject asked);
}
