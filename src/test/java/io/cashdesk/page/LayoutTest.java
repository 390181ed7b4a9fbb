package io.cashdesk.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templateresolver.FileTemplateResolver;
import org.thymeleaf.templateresolver.StringTemplateResolver;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LayoutTest {
    private static final String PAGE =
            "<html th:replace=\"~{layout/page :: page('admin', %s, %s, ~{::main})}\"><main>the page</main></html>";

    @Test
    void a_page_names_its_style_sheet_its_script_and_its_navigation() {
        var html =
                rendered(PAGE.formatted("'/assets/admin.js'", "~{::nav}").replace("<main>", "<nav>orders</nav><main>"));

        assertThat(html)
                .contains("href=\"/assets/admin.css\"")
                .contains("src=\"/assets/admin.js\"")
                .contains("<nav>orders</nav>")
                .contains("<main>the page</main>");
    }

    @Test
    void a_page_may_have_neither_script_nor_navigation() {
        var html = rendered(PAGE.formatted("null", "~{}"));

        assertThat(html)
                .contains("<main>the page</main>")
                .doesNotContain("<script")
                .doesNotContain("<nav");
    }

    @Test
    void a_page_links_to_itself_in_the_other_language() {
        Map<String, Object> model = Map.of("title", "Shop", "items", List.of(), "otherLanguage", "zh");

        var html = Rendered.html(new View("demo/shop", Locale.ENGLISH, model));

        assertThat(html).contains("href=\"?lang=zh\" hreflang=\"zh-CN\" lang=\"zh-CN\"");
    }

    private static String rendered(String template) {
        var files = new FileTemplateResolver();
        files.setPrefix(Rendered.TEMPLATES + "/");
        files.setSuffix(".html");
        files.setCheckExistence(true);
        files.setOrder(1);
        var texts = new StringTemplateResolver();
        texts.setOrder(2);
        var engine = new TemplateEngine();
        engine.addTemplateResolver(files);
        engine.addTemplateResolver(texts);
        engine.setMessageResolver(new Messages());
        return engine.process(template, new Context(Locale.ENGLISH, Map.of("title", "A page")));
    }
}
