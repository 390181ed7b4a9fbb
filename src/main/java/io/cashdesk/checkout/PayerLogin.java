package io.cashdesk.checkout;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.openid.ExchangeCode;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.PayType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Who looks at a page, for products that must know it: a silent round trip through the wallet's own page. What comes back is
 * believed only with the one-time state of this very browser, and is kept in a cookie that only we can read, for this one order
 * and product. The address never carries an openid.
 */
@ApplicationScoped
class PayerLogin {
    private static final Logger LOG = Logger.getLogger(PayerLogin.class);
    private static final String STATE = "cashdesk_state";
    private static final String PAYER = "cashdesk_payer";

    /** Kept instead of an openid when the wallet would not say: nobody is sent round in circles. */
    private static final String NOBODY = "-";

    /** How long the round trip may take, and how long its failure is remembered, in seconds. */
    private static final int TEN_MINUTES = 600;

    private static final int AN_HOUR = 3_600;

    @Inject
    ExchangeCode whoPays;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    /** The openid, an empty text if the wallet would not say, or empty if nobody has asked it yet. */
    Optional<String> known(HttpServletRequest request, PayOrder order, PayType payType) {
        return cookie(request, PAYER).flatMap(kept -> {
            try {
                var sealed = new String(Base64.getUrlDecoder().decode(kept), StandardCharsets.US_ASCII);
                var opened = vault.open(sealed, place(order));
                if (!opened.startsWith(payType + " ")) return Optional.empty();
                var openid = opened.substring(payType.toString().length() + 1);
                return Optional.of(openid.equals(NOBODY) ? "" : openid);
            } catch (RuntimeException notOurs) { // another order's, another key's, or made up
                return Optional.empty();
            }
        });
    }

    /** Sends the browser to the wallet's page; empty if the account cannot be asked. */
    Optional<Response> ask(PayOrder order, PayType payType) {
        var state = Ids.randomToken(24).replaceAll("[^0-9A-Za-z]", "0"); // WeChat takes letters and digits only
        var backTo = URI.create(settings.baseUrl() + "/checkout/" + order.checkoutToken() + "/payer");
        return whoPays.authorize(order.merchantId(), order.mode(), payType, backTo, state)
                .map(page -> Response.seeOther(page)
                        .cookie(cookie(order, STATE, state, TEN_MINUTES))
                        .build());
    }

    /** The query parameter in which this product's wallet sends the code back. */
    String codeParameter(PayType payType) {
        return whoPays.codeParameter(payType);
    }

    /** The browser is back: learns who it is, and goes on to the clean address. */
    Response answered(HttpServletRequest request, PayOrder order, PayType payType, String code, String state) {
        var page = URI.create("/checkout/" + order.checkoutToken());
        var expected = cookie(request, STATE).orElse("");
        if (expected.isEmpty() || state == null || !same(expected, state)) {
            // not this browser's own round trip, or it keeps no cookies; sent on again it would go round in circles
            return Response.seeOther(URI.create(page + "?choose&problem=openid"))
                    .build();
        }
        var openid = code == null || code.isEmpty() ? NOBODY : openid(order, payType, code);
        var sealed = vault.seal(payType + " " + openid, place(order)).getBytes(StandardCharsets.US_ASCII);
        var kept = Base64.getUrlEncoder().withoutPadding().encodeToString(sealed); // nothing that a cookie must quote
        return Response.seeOther(page)
                .cookie(
                        cookie(order, PAYER, kept, openid.equals(NOBODY) ? TEN_MINUTES : AN_HOUR),
                        cookie(order, STATE, "", 0))
                .build();
    }

    private String openid(PayOrder order, PayType payType, String code) {
        try {
            return whoPays.of(order.merchantId(), order.mode(), payType, code).openid();
        } catch (Problem refused) {
            LOG.infof("The payer of order %s is not known: %s", order.outTradeNo(), refused.getMessage());
            return NOBODY;
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
                .secure(settings.baseUrl().startsWith("https://"))
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
