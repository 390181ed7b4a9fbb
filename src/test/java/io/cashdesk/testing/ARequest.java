package io.cashdesk.testing;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A servlet request with what a filter reads of it: path, connection and header lines. */
public final class ARequest {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String uri = "/";
    private String query;
    private String url;
    private String peer = "203.0.113.9";
    private int localPort = 8080;

    public ARequest header(String name, String... lines) {
        headers.computeIfAbsent(name, n -> new ArrayList<>()).addAll(List.of(lines));
        return this;
    }

    /** The path as it was sent. */
    public ARequest path(String path) {
        uri = path;
        return this;
    }

    /** What follows the question mark, or null. */
    public ARequest query(String text) {
        query = text;
        return this;
    }

    /** A request target in absolute form. */
    public ARequest absolute(String target) {
        url = target;
        return this;
    }

    public ARequest from(String address) {
        peer = address;
        return this;
    }

    public ARequest to(int port) {
        localPort = port;
        return this;
    }

    @SuppressWarnings("JdkObsolete") // the servlet API answers with a StringBuffer
    public HttpServletRequest request() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ARequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> Collections.enumeration(lines((String) arguments[0]));
                    case "getHeader" ->
                        lines((String) arguments[0]).stream().findFirst().orElse(null);
                    case "getRemoteAddr" -> peer;
                    case "getLocalPort" -> localPort;
                    case "getRequestURI" -> uri;
                    case "getQueryString" -> query;
                    case "getRequestURL" ->
                        new StringBuffer(url != null ? url : "http://" + String.join("", lines("Host")) + uri);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private List<String> lines(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
