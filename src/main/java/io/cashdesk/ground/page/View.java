package io.cashdesk.ground.page;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A page: which template, in which language, with what to show.
 *
 * @param template the file below {@code /WEB-INF/templates}, without its suffix: "checkout/pay"
 * @param language decides the message texts; see {@link Language}
 * @param model what the template may show; complete, because templates reach nothing else
 */
public record View(String template, Locale language, Map<String, Object> model) {
    public View {
        model = new LinkedHashMap<>(model);
    }
}
