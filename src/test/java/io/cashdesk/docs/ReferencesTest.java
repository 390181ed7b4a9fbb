package io.cashdesk.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What comments name in the documentation is there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReferencesTest {
    /** A line break of a comment, with what its next line begins with. */
    private static final Pattern BREAK = Pattern.compile("\\s*\\n\\s*(?:\\*|//|--)?\\s*");

    private static final Pattern PAGE = Pattern.compile("docs/[\\w/.-]+\\.md");
    private static final Pattern SECTION = Pattern.compile("(docs/[\\w/.-]+\\.md),? \\(?\"([^\"]+)\"");

    @Test
    void every_page_and_section_that_a_comment_names_exists() {
        var missing = new ArrayList<String>();
        var named = 0;
        for (var file : files("src/main/java", "src/test/java", "db-migrations")) {
            var text = BREAK.matcher(read(file)).replaceAll(" ");
            for (var page = PAGE.matcher(text); page.find(); named++) {
                if (!Files.exists(Path.of(page.group()))) missing.add(file + " names " + page.group());
            }
            for (var section = SECTION.matcher(text); section.find(); ) {
                if (!has(Path.of(section.group(1)), section.group(2))) {
                    missing.add(file + " names \"" + section.group(2) + "\" of " + section.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).as("what was compared").isGreaterThan(30);
    }

    private static boolean has(Path page, String title) {
        return Files.exists(page)
                && read(page).lines().anyMatch(line -> line.matches("#+ " + Pattern.quote(title) + "\\s*"));
    }

    private static List<Path> files(String... folders) {
        var found = new ArrayList<Path>();
        for (var folder : folders) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                all.filter(file -> file.toString().matches(".*\\.(java|sql)")).forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
