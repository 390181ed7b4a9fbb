package io.cashdesk.checkout;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.openid.ExchangeCode;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.PayType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds out who pays, for products that must know it, by a round trip through the wallet's own page, which shows
 * nothing to the payer. The code that comes back is accepted only with the one-time state of this very browser. The
 * openid is kept in a sealed cookie, for this one order and product; no address contains it.
 */
@ApplicationScoped
class PayerLogin {
    private static final Logger LOG = Logger.getLogger(PayerLogin.class);
    private static final String STATE = "cashdesk_state";
    private static final String PAYER = "cashdesk_payer";

    /** Kept instead of an openid when the wallet gave none, so that the browser is not redirected in a loop. */
    private static final String UNKNOWN = "-";

    /** How long the round trip may take, and how long its failure is remembered, in seconds. */
    private static final int TEN_MINUTES = 600;

    private static final int AN_HOUR = 3_600;

    @Inject
    ExchangeCode exchangeCode;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    /** The openid; an empty text if the wallet gave none; empty if it was not queried yet. */
    Optional<String> openid(HttpServletRequest request, PayOrder order, PayType payType) {
        return cookie(request, PAYER).flatMap(kept -> {
            try {
                var sealed = new String(Base64.getUrlDecoder().decode(kept), StandardCharsets.US_ASCII);
                var opened = vault.open(sealed, place(order));
                if (!opened.startsWith(payType + " ")) return Optional.empty();
                var openid = opened.substring(payType.toString().length() + 1);
                return Optional.of(openid.equals(UNKNOWN) ? "" : openid);
            } catch (RuntimeException notOurs) { // of another order, sealed with another key, or made up
                return Optional.empty();
            }
        });
    }

    /** Sends the browser to the wallet's page; empty if the merchant has no account for it. */
    Optional<Response> redirectToWallet(PayOrder order, PayType payType) {
        var state = Ids.randomToken(24).replaceAll("[^0-9A-Za-z]", "0"); // some wallets take letters and digits only
        var backTo = URI.create(settings.baseUrl() + "/checkout/" + order.checkoutToken() + "/payer");
        return exchangeCode
                .authorize(order.merchantId(), order.mode(), payType, backTo, state)
                .map(page -> Redirect.outside(page)
                        .cookie(cookie(order, STATE, state, TEN_MINUTES))
                        .build());
    }

    /**
     * The browser is back: exchanges the code for the openid, and redirects to the page's own address.
     *
     * @param query with the state and the code
     */
    Response takeCode(
            HttpServletRequest request, PayOrder order, PayType payType, MultivaluedMap<String, String> query) {
        var state = query.getFirst("state");
        var expected = cookie(request, STATE).orElse("");
        if (expected.isEmpty() || state == null || !same(expected, state)) {
            // another browser's round trip, or a browser without cookies: redirected again it would go in a loop
            return Addresses.redirect(order.checkoutToken(), "?choose&problem=openid");
        }
        var code = query.getFirst(exchangeCode.codeParameter(payType));
        var openid = code == null || code.isEmpty() ? UNKNOWN : exchange(order, payType, code);
        var sealed = vault.seal(payType + " " + openid, place(order)).getBytes(StandardCharsets.US_ASCII);
        var kept = Base64.getUrlEncoder().withoutPadding().encodeToString(sealed); // nothing that a cookie must quote
        return Redirect.inside("/checkout/" + order.checkoutToken())
                .cookie(
                        cookie(order, PAYER, kept, openid.equals(UNKNOWN) ? TEN_MINUTES : AN_HOUR),
                        cookie(order, STATE, "", 0))
                .build();
    }

    private String exchange(PayOrder order, PayType payType, String code) {
        try {
            return exchangeCode
                    .of(order.merchantId(), order.mode(), payType, code)
                    .openid();
        } catch (Problem refused) {
            LOG.infof("The payer of order %s is not known: %s", order.outTradeNo(), refused.getMessage());
            return UNKNOWN;
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String place(PayOrder order) {
        return "payer of " + order.checkoutToken();
    }

    private NewCookie cookie(PayOrder order, String name, String value, int seconds) {
        return new NewCookie.Builder(name)
                .value(value)
                .path("/checkout/" + order.checkoutToken())
                .maxAge(seconds)
                .httpOnly(true)
                .secure(settings.isHttps())
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }

    private static Optional<String> cookie(HttpServletRequest request, String name) {
        if (request.getCookies() == null) return Optional.empty();
        for (var cookie : request.getCookies()) {
            if (cookie.getName().equals(name) && !cookie.getValue().isEmpty()) return Optional.of(cookie.getValue());
        }
        return Optional.empty();
    }
}
