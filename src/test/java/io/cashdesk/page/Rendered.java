package io.cashdesk.page;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import java.nio.file.Path;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templateresolver.FileTemplateResolver;

/** Renders a page to HTML, without a server. */
public final class Rendered {
    static final Path TEMPLATES = Path.of("webapp/WEB-INF/templates");

    private static final TemplateEngine ENGINE = engine();

    private Rendered() {}

    public static String html(View view) {
        return ENGINE.process(view.template(), new Context(view.language(), view.model()));
    }

    private static TemplateEngine engine() {
        var resolver = new FileTemplateResolver();
        resolver.setPrefix(TEMPLATES + "/");
        resolver.setSuffix(".html");
        resolver.setCharacterEncoding("UTF-8");
        var engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        engine.setMessageResolver(new Messages());
        return engine;
    }
}
