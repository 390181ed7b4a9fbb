package io.cashdesk.ground.json;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Replaces the headers that RESTEasy parses before it chooses a resource, where they are malformed: it would answer
 * with 400 and no body, before any code of Cashdesk runs, although hardly any call needs them.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class ReadableHeaders implements Filter {
    /** Stands for a content type that cannot be read. */
    static final String MALFORMED_TYPE = "application/x-malformed";

    /** A longer one counts as malformed, so that matching it takes neither much time nor much stack. */
    private static final int LONGEST = 1_000;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"[^\"\\\\]*\"";
    private static final String TYPE = TOKEN + "/" + TOKEN;
    private static final String WEIGHT = "(\\s*;\\s*q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?))?";
    private static final String LANGUAGE = "(\\*|[A-Za-z]{1,8}(-[0-9A-Za-z]{1,8})*)";

    private static final Pattern CONTENT_TYPE =
            Pattern.compile(TYPE + "(\\s*;\\s*" + TOKEN + "=(" + TOKEN + "|" + QUOTED + "))*\\s*");

    private static final Pattern ACCEPT = list(TYPE + "(\\s*;\\s*(?!q=)" + TOKEN + "=" + TOKEN + ")*+" + WEIGHT);
    private static final Pattern LANGUAGES = list(LANGUAGE + WEIGHT);

    private static Pattern list(String item) {
        return Pattern.compile("\\s*" + item + "\\s*(,\\s*" + item + "\\s*)*+");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request instanceof HttpServletRequest http ? new Request(http) : request, response);
    }

    /** The value of a header, or one that stands for it if it is malformed; null stays null. */
    static String readable(String name, String value) {
        if (value == null) return null;
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "accept" -> matches(ACCEPT, value) ? value : "*/*";
            case "content-type" -> matches(CONTENT_TYPE, value) ? value : MALFORMED_TYPE;
            case "accept-language", "content-language" -> matches(LANGUAGES, value) ? value : language(value);
            default -> value;
        };
    }

    private static boolean matches(Pattern pattern, String value) {
        return value.length() <= LONGEST && pattern.matcher(value).matches();
    }

    /** English if it begins so, as everywhere; otherwise Chinese. */
    private static String language(String malformed) {
        return malformed.strip().toLowerCase(Locale.ROOT).startsWith("en") ? "en" : "zh";
    }

    private static final class Request extends HttpServletRequestWrapper {
        Request(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getHeader(String name) {
            return readable(name, super.getHeader(name));
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            var values = Collections.list(super.getHeaders(name));
            return Collections.enumeration(
                    values.stream().map(value -> readable(name, value)).toList());
        }

        @Override
        public String getContentType() {
            return readable(HttpHeaders.CONTENT_TYPE, super.getContentType());
        }
    }
}
