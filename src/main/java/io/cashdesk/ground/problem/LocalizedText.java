package io.cashdesk.ground.problem;

import java.util.Locale;

/** A text in Chinese and English. */
public record LocalizedText(String zh, String en) {
    /** The English text if the locale is English, otherwise the Chinese one. */
    public String in(Locale locale) {
        return Locale.ENGLISH.getLanguage().equals(locale.getLanguage()) ? en : zh;
    }
}
