package io.cashdesk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * What differs from provider to provider comes from its adapter, so that a new one is shown and handled without another
 * change.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProviderNamesTest {
    private static final Path ADAPTERS = Path.of("src/main/java/io/cashdesk/provider");

    private static final List<Path> ROOTS = List.of(Path.of("src/main"), Path.of("webapp"), Path.of("db-migrations"));

    private static final Pattern SCANNED = Pattern.compile(".*\\.(java|html|css|js|properties|sql|json)");

    /** Where a provider's name may stand, by the beginning of the path, and why. */
    private static final Map<String, String> ALLOWED = Map.ofEntries(
            Map.entry("src/main/java/io/cashdesk/provider/", "the adapters; the port itself is checked below"),
            Map.entry("src/main/resources/io/cashdesk/provider/", "the adapters' dictionaries"),
            Map.entry("src/main/java/io/cashdesk/simulator/", "the providers' simulated servers"),
            Map.entry("webapp/WEB-INF/templates/simulator/", "their pages"),
            Map.entry("src/main/resources/messages/simulator", "their texts"),
            Map.entry("db-migrations/V202611261725__simulator_create.sql", "their tables"),
            Map.entry("src/main/java/io/cashdesk/face/cloudpay/", "a shape made from one provider's answers"),
            Map.entry("src/main/java/io/cashdesk/face/epay/OpenTrade.java", "epay's words for devices"),
            Map.entry("src/main/java/io/cashdesk/ground/problem/ProblemType.java", "an example in a message"),
            Map.entry(
                    "src/main/java/io/cashdesk/payment/OrderFields.java", "a field of vk-uni-pay that is not offered"),
            Map.entry("db-migrations/V202611261716__merchant_create.sql", "a column of a vk-pay-config row"),
            Map.entry(
                    "src/main/java/io/cashdesk/manage/PutProviders.java",
                    "columns of a vk-pay-config row that are kept for later"),
            Map.entry(
                    "src/main/java/io/cashdesk/face/vk/MiniProgram.java",
                    "hosts of uni-app's platforms, most of which are no provider"));

    private static List<String> names() throws IOException {
        try (var folders = Files.list(ADAPTERS)) {
            return folders.filter(ProviderNamesTest::isAdapter)
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** A folder without a provider has what several adapters share. */
    private static boolean isAdapter(Path folder) {
        if (!Files.isDirectory(folder)) return false;
        try (var files = Files.list(folder)) {
            return files.anyMatch(f -> f.getFileName().toString().endsWith("Provider.java"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Path> files(Path root) {
        try (var all = Files.walk(root)) {
            return all.filter(f -> SCANNED.matcher(f.toString()).matches()).sorted().toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String withoutComments(Path file) throws IOException {
        var text = Files.readString(file);
        if (!file.toString().endsWith(".java")) return text;
        return text.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)(^|\\s)//.*$", "");
    }

    private static boolean allowed(Path file) {
        var path = file.toString().replace('\\', '/');
        var ofThePort = file.getParent().equals(ADAPTERS);
        return !ofThePort && ALLOWED.keySet().stream().anyMatch(path::startsWith);
    }

    @Test
    void no_file_outside_of_an_adapter_names_a_provider() throws IOException {
        var name = Pattern.compile(
                "\\b(" + names().stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")(\\b|_)");
        var found = new ArrayList<String>();

        for (var file : ROOTS.stream().flatMap(ProviderNamesTest::files).toList()) {
            if (allowed(file)) continue;
            var lines = withoutComments(file).lines().toList();
            for (var line : lines) {
                if (name.matcher(line).find()) found.add(file + ": " + line.strip());
            }
        }

        assertThat(names()).isNotEmpty();
        assertThat(found)
                .as("say it in the adapter, for instance in its Presentation")
                .isEmpty();
    }
}
