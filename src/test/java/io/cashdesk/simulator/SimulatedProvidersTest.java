package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the shared pages need of each provider. The providers are found by their class, so a new one is tested without a
 * change.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedProvidersTest {
    static Stream<SimulatedProvider> providers() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(SimulatedProvider.class.getPackageName())
                        .stream()
                        .filter(c -> c.isAssignableTo(SimulatedProvider.class) && !c.isInterface())
                        .map(SimulatedProvidersTest::provider);
    }

    private static SimulatedProvider provider(JavaClass found) {
        try {
            return (SimulatedProvider) found.reflect().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(found.getName(), e);
        }
    }

    private static Properties messages(String file) throws IOException {
        var messages = new Properties();
        try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages", file))) {
            messages.load(in);
        }
        return messages;
    }

    @Test
    void have_different_names() {
        assertThat(providers().map(SimulatedProvider::name))
                .doesNotHaveDuplicates()
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void have_messages_for_their_name_and_their_faults(SimulatedProvider provider) throws IOException {
        for (var file : new String[] {"simulator.properties", "simulator_zh.properties"}) {
            var keys = messages(file).stringPropertyNames();

            assertThat(keys).contains("simulator.wallet." + provider.name(), "simulator.provider." + provider.name());
            for (var fault : provider.faults()) {
                assertThat(keys)
                        .contains("simulator.fault." + fault.name(), "simulator.fault." + fault.name() + ".does");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void list_no_fault_twice(SimulatedProvider provider) {
        assertThat(provider.faults().stream().map(Fault::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void have_a_colour_on_which_white_text_can_be_read(SimulatedProvider provider) {
        assertThat(contrastWithWhite(provider.walletStyle().colour())).isGreaterThanOrEqualTo(4.5);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void have_their_gateway_below_an_address_of_their_own(SimulatedProvider provider) {
        assertThat(provider.gatewayPath()).startsWith("/simulator/" + provider.name());
    }

    /** As WCAG 2.1 defines it. */
    private static double contrastWithWhite(String colour) {
        double luminance = 0;
        var weights = new double[] {0.2126, 0.7152, 0.0722};
        for (int i = 0; i < 3; i++) {
            var c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            luminance += weights[i] * (c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return 1.05 / (luminance + 0.05);
    }
}
