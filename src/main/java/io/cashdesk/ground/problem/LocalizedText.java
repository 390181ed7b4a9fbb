package io.cashdesk.ground.problem;

import java.util.Locale;

/** A sentence in both of our languages. */
public record LocalizedText(String zh, String en) {
    /** In English if that is what was asked for, otherwise in Chinese. */
    public String in(Locale locale) {
        return Locale.ENGLISH.getLanguage().equals(locale.getLanguage()) ? en : zh;
    }
}
