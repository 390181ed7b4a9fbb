package io.cashdesk.checkout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** Which requests are a payer's, also where no resource matches their address. */
final class PayerPath {
    private PayerPath() {}

    /** The token in a payer's address, an empty text if there is none in it; empty for other addresses. */
    static Optional<String> token(ContainerRequestContext call) {
        var parts = parts(call);
        if (!parts[0].equals("checkout") && !parts[0].equals("q")) return Optional.empty();
        return Optional.of(parts.length > 1 ? parts[1] : "");
    }

    /** Whether it is the address of a page itself, without anything below, and not only leads to one. */
    static boolean isPage(ContainerRequestContext call) {
        return parts(call).length == 2 && call.getMethod().equals("GET");
    }

    private static String[] parts(ContainerRequestContext call) {
        return call.getUriInfo().getPath().replaceFirst("^/+", "").split("/");
    }

    /**
     * Whether a browser loads it to show it. By the header as the browser sent it: for JAX-RS it is replaced, because
     * it chooses no other answer.
     */
    static boolean wantsPage(HttpServletRequest request) {
        var accept = request.getHeader("Accept");
        return accept != null && accept.contains(MediaType.TEXT_HTML);
    }
}
