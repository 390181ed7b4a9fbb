package io.cashdesk.checkout;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The addresses between which a payer's browser is sent. */
final class Addresses {
    private Addresses() {}

    /** The page of this token, with a query that begins with a question mark, or an empty text. */
    static Response redirect(String token, String query) {
        return Redirect.inside("/checkout/" + encoded(token) + query).build();
    }

    static Response redirect(String token, PageQuery query) {
        return redirect(token, query.text());
    }

    /**
     * Where a wallet sends the payer's browser: an address of its own, which leads to the page ({@link BackResource}).
     */
    static URI back(Settings settings, String token) {
        return URI.create(settings.baseUrl() + "/checkout/" + encoded(token) + "/back");
    }

    /** The shop's own address with the order's number in its query, before a fragment. */
    static URI withNumber(String url, String outTradeNo) {
        var hash = url.indexOf('#');
        var address = hash < 0 ? url : url.substring(0, hash);
        var fragment = hash < 0 ? "" : url.substring(hash);
        return URI.create(
                address + (address.contains("?") ? "&" : "?") + "out_trade_no=" + encoded(outTradeNo) + fragment);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
