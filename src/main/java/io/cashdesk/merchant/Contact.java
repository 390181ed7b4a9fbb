package io.cashdesk.merchant;

import java.util.Optional;

/**
 * How a payer reaches a merchant where a person is needed.
 *
 * @param phone 3 to 32 digits, spaces and {@code + - ( )}
 * @param email at most 254 characters
 */
public record Contact(Optional<String> phone, Optional<String> email) {
    public static final Contact NONE = new Contact(Optional.empty(), Optional.empty());
}
