package io.cashdesk.ground.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.NewCookie;
import java.util.Collections;
import java.util.Locale;

/**
 * Chooses between English and Chinese for a page: the language the visitor switched to ({@code ?lang=}, then the
 * cookie), else the first supported one of {@code Accept-Language}. Without that header: Chinese. With only other
 * languages: English.
 */
public final class Language {
    /** Name of the query parameter that switches the language, and of the cookie that stores the choice. */
    public static final String NAME = "lang";

    private Language() {}

    public static Locale of(HttpServletRequest request) {
        var switched = "GET".equals(request.getMethod()) && request.getParameter(NAME) != null
                ? request.getParameter(NAME)
                : cookie(request); // getParameter on a POST would consume the body before JAX-RS reads it
        if ("en".equals(switched)) return Locale.ENGLISH;
        if ("zh".equals(switched)) return Locale.SIMPLIFIED_CHINESE;
        if (request.getHeader("Accept-Language") == null) return Locale.SIMPLIFIED_CHINESE;
        for (var accepted : Collections.list(request.getLocales())) {
            if (Locale.ENGLISH.getLanguage().equals(accepted.getLanguage())) return Locale.ENGLISH;
            if (Locale.CHINESE.getLanguage().equals(accepted.getLanguage())) return Locale.SIMPLIFIED_CHINESE;
        }
        return Locale.ENGLISH;
    }

    /**
     * The cookie that stores the chosen language for one year.
     *
     * @param https whether browsers see this server under https
     */
    public static NewCookie remember(Locale language, boolean https) {
        return new NewCookie.Builder(NAME)
                .value(language.getLanguage())
                .path("/")
                .maxAge(31_536_000)
                .httpOnly(true)
                .secure(https)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }

    private static String cookie(HttpServletRequest request) {
        if (request.getCookies() == null) return null;
        for (Cookie cookie : request.getCookies()) if (NAME.equals(cookie.getName())) return cookie.getValue();
        return null;
    }
}
