package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a provider is called and looks like, wherever payers and operators see it. Nothing outside of an adapter may
 * depend on a provider's name: what differs from provider to provider is here.
 *
 * @param name the product's name: "WeChat Pay"
 * @param wallet the name of the app that payers pay with, as it stands in a sentence: "WeChat"
 * @param open the label of the button that opens the wallet: "Open WeChat Pay"
 * @param mark the file with its logo below {@code webapp/assets}, a square: "wxpay.svg"
 * @param position where it stands among the ways to pay, the smallest first; equal ones by name
 * @param scanning what a payer reads beside a code
 * @param elsewhere what a payer reads where the wallet cannot be used: in another wallet's browser
 * @param ownBrowser whether this is the wallet's own browser, in which no other wallet can be used
 * @param evidenceHeaders the HTTP headers of a notification, in lower case, that are kept with it because they prove
 *     who sent it; content-type and user-agent are always kept
 */
public record Presentation(
        LocalizedText name,
        LocalizedText wallet,
        LocalizedText open,
        String mark,
        int position,
        Scanning scanning,
        LocalizedText elsewhere,
        Predicate<Client> ownBrowser,
        Set<String> evidenceHeaders) {
    /**
     * What a payer reads beside a code to scan.
     *
     * @param label the code's name for those who do not see it: "QR code for WeChat Pay"
     * @param how how the wallet scans, for a payer with the code on another screen
     * @param onThisPhone what to do with a code on the screen of the phone that should scan it
     * @param link how a code's text begins when it is an address that opens the wallet on a phone; empty if there are
     *     no such codes
     */
    public record Scanning(LocalizedText label, LocalizedText how, LocalizedText onThisPhone, Optional<String> link) {
        /** Whether this code is an address that opens the wallet on a phone. */
        public boolean opensWallet(String code) {
            return link.filter(code::startsWith).isPresent();
        }
    }

    /** For a wallet that has no browser of its own, or none that is known by its user agent. */
    public static final Predicate<Client> NO_BROWSER = client -> false;
}
