package io.cashdesk.ground.page;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A page to render: template, language and model.
 *
 * @param template the file below {@code /WEB-INF/templates}, without {@code .html}: "checkout/pay"
 * @param language selects the message texts; see {@link Language}
 * @param model all values that the template uses; templates have no access to beans
 */
public record View(String template, Locale language, Map<String, Object> model) {
    public View {
        model = new LinkedHashMap<>(model);
    }
}
