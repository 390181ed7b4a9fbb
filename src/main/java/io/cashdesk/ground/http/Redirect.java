package io.cashdesk.ground.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/**
 * Redirects with GET (303). JAX-RS makes an absolute address of each path it is given, from the header {@code Host} and
 * the scheme of the connection; behind a proxy that ends TLS that is the wrong one. So a redirect within this server
 * leaves it as a path (RFC 9110, 10.2.2), which the browser resolves against the address that it sees.
 */
public final class Redirect {
    private Redirect() {}

    /**
     * To a page of this server.
     *
     * @param path begins with one slash; with its query
     */
    public static Response.ResponseBuilder inside(String path) {
        if (!path.startsWith("/") || path.startsWith("//")) throw new IllegalArgumentException("not a path: " + path);
        return Response.status(Response.Status.SEE_OTHER).header(HttpHeaders.LOCATION, path);
    }

    /**
     * To another server, or to an address of ours that was handed out.
     *
     * @param address absolute
     */
    public static Response.ResponseBuilder outside(URI address) {
        if (!address.isAbsolute()) throw new IllegalArgumentException("not absolute: " + address);
        return Response.status(Response.Status.SEE_OTHER).header(HttpHeaders.LOCATION, address.toString());
    }
}
