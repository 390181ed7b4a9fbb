package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * A provider whose price list decides what a payment costs: a call names what is bought, and an amount of the caller's
 * is ignored, or kept for the merchant's own records.
 */
public interface Prices {
    /** The field of {@code data} that names what is bought; no other provider takes it: "wxpay_virtual". */
    String field();

    /** Whether {@code total_fee} may be named beside it, and is kept; otherwise it is ignored. */
    default boolean takesTotal() {
        return false;
    }

    /**
     * What a call says of what is bought.
     *
     * @param goods the value of {@link #field}, or null if the call has none
     * @param total {@code total_fee}, if it is named and this provider {@link #takesTotal}
     * @param other the extra parameters of the call; may be empty
     */
    record Asked(JsonValue goods, Optional<Money> total, JsonObject other) {}

    /**
     * What it costs.
     *
     * @param total nothing, if only the provider will say what was paid
     * @param goods what is bought, as the record shows it ({@code expand_data}) and as {@link PaymentRequest#goods} has
     *     it
     */
    record Priced(Money total, JsonObject goods) {}

    /**
     * Checks what is bought.
     *
     * @throws io.cashdesk.ground.problem.Problem that names what is missing or wrong; nothing is rounded
     */
    Priced price(AccountSettings account, Asked asked);
}
