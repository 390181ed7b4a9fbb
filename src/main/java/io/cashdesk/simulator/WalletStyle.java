package io.cashdesk.simulator;

/**
 * The look of a provider's wallet page. The provider's name is in the messages {@code simulator.wallet.<name>}.
 *
 * @param colour background of the title bar and of the main button, as {@code #rrggbb}; white text stands on it, so its
 *     contrast with white must be at least 4.5:1
 */
public record WalletStyle(String colour) {
    public WalletStyle {
        if (!colour.matches("#[0-9a-f]{6}")) throw new IllegalArgumentException("not a colour: " + colour);
    }
}
