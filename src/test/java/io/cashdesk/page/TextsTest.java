package io.cashdesk.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TextsTest {
    private static final Path MESSAGES = Path.of("src/main/resources/messages");

    /** The only texts that an element may contain without a message key. */
    private static final Pattern ALLOWED = Pattern.compile("[\\s¥·✓✗–×↗→]*");

    /** An element with text: name, attributes, text. */
    private static final Pattern ELEMENT = Pattern.compile("<([a-z0-9:]+)((?:\"[^\"]*\"|[^>\"])*)>([^<]+)");

    private static final int LONGEST_LINE = 140;

    static Stream<String> bundles() throws IOException {
        try (var files = Files.list(MESSAGES)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".properties") && !n.contains("_"))
                    .map(n -> n.replace(".properties", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void every_text_exists_in_both_languages(String bundle) throws IOException {
        var english = texts(bundle + ".properties");
        var chinese = texts(bundle + "_zh.properties");

        assertThat(new TreeSet<>(chinese.stringPropertyNames()))
                .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
        assertThat(english.stringPropertyNames()).allSatisfy(k -> assertThat(k).startsWith(bundle + "."));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void both_languages_use_the_same_arguments(String bundle) throws IOException {
        var english = texts(bundle + ".properties");
        var chinese = texts(bundle + "_zh.properties");

        for (var key : english.stringPropertyNames()) {
            assertThat(placeholders(chinese.getProperty(key)))
                    .as(key)
                    .isEqualTo(placeholders(english.getProperty(key)));
        }
    }

    @Test
    void every_visible_text_of_a_template_has_a_key() throws IOException {
        var withoutKey = new ArrayList<String>();

        for (var template : templates()) {
            var html = Files.readString(template)
                    .replaceAll("(?s)<head>.*?</head>", "")
                    .replaceAll("(?s)<!--.*?-->", "");
            ELEMENT.matcher(html)
                    .results()
                    .filter(e -> !replaced(e))
                    .forEach(e -> withoutKey.add(template + ": " + e.group()));
        }

        assertThat(withoutKey).isEmpty();
    }

    @Test
    void every_line_of_a_template_can_be_read_without_scrolling() throws IOException {
        var tooLong = new ArrayList<String>();

        for (var template : templates()) {
            var lines = Files.readAllLines(template);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() >= LONGEST_LINE) tooLong.add(template + ":" + (i + 1));
            }
        }

        assertThat(tooLong).isEmpty();
    }

    private static boolean replaced(MatchResult element) {
        var attributes = element.group(2);
        return ALLOWED.matcher(element.group(3)).matches()
                || attributes.contains("th:text=")
                || attributes.contains("th:utext=")
                || attributes.contains("th:replace=");
    }

    private static List<Path> templates() throws IOException {
        try (var files = Files.walk(Rendered.TEMPLATES)) {
            return files.filter(f -> f.toString().endsWith(".html")).sorted().toList();
        }
    }

    private static Set<String> placeholders(String text) {
        var found = new TreeSet<String>();
        Pattern.compile("\\{\\d}").matcher(text).results().forEach(m -> found.add(m.group()));
        return found;
    }

    private static Properties texts(String file) throws IOException {
        var texts = new Properties();
        try (var reader = Files.newBufferedReader(MESSAGES.resolve(file), StandardCharsets.UTF_8)) {
            texts.load(reader);
        }
        return texts;
    }
}
