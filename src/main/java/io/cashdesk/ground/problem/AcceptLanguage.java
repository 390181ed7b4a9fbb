package io.cashdesk.ground.problem;

import java.util.Locale;

/** The request header {@code Accept-Language}, which chooses the language of error messages in every API. */
public final class AcceptLanguage {
    private AcceptLanguage() {}

    /**
     * English if the header begins with "en", otherwise Chinese.
     *
     * @param header null, if it is absent
     */
    public static Locale locale(String header) {
        return header != null && header.strip().toLowerCase(Locale.ROOT).startsWith("en")
                ? Locale.ENGLISH
                : Locale.CHINESE;
    }
}
