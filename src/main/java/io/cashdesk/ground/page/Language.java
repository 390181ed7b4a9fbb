package io.cashdesk.ground.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.NewCookie;
import java.util.Collections;
import java.util.Locale;

/** Which of our two languages a visitor reads: the one they switched to, else the first of their browser's that we have. */
public final class Language {
    /** The query parameter of the switch, and the cookie that remembers it. */
    public static final String NAME = "lang";

    private Language() {}

    public static Locale of(HttpServletRequest request) {
        var switched = "GET".equals(request.getMethod()) && request.getParameter(NAME) != null
                ? request.getParameter(NAME)
                : cookie(request); // a POST's body is not ours to parse
        if ("en".equals(switched)) return Locale.ENGLISH;
        if ("zh".equals(switched)) return Locale.SIMPLIFIED_CHINESE;
        if (request.getHeader("Accept-Language") == null) return Locale.SIMPLIFIED_CHINESE;
        for (var wanted : Collections.list(request.getLocales())) {
            if (Locale.ENGLISH.getLanguage().equals(wanted.getLanguage())) return Locale.ENGLISH;
            if (Locale.CHINESE.getLanguage().equals(wanted.getLanguage())) return Locale.SIMPLIFIED_CHINESE;
        }
        return Locale.ENGLISH;
    }

    /** Remembers a switch for a year. */
    public static NewCookie remember(Locale language) {
        return new NewCookie.Builder(NAME)
                .value(language.getLanguage())
                .path("/")
                .maxAge(31_536_000)
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }

    private static String cookie(HttpServletRequest request) {
        if (request.getCookies() == null) return null;
        for (Cookie cookie : request.getCookies()) if (NAME.equals(cookie.getName())) return cookie.getValue();
        return null;
    }
}
