package io.cashdesk.provider;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/**
 * A subclass of a contract: one row of the table that a run of the tests prints ({@link ContractTable}). A promise that
 * its provider cannot keep is skipped only if the subclass says so, with the section of the provider's documents.
 */
@ExtendWith(ContractTable.class)
public interface ContractRow {
    /** The provider, with its version, dialect or kind of keys where it has several. */
    default String row() {
        return getClass()
                .getSimpleName()
                .replaceAll("(Provider|Errors|Wire)?Test$", "")
                .toLowerCase(Locale.ROOT);
    }

    /** Why its provider cannot do this: the section of its documents and what stands there. Empty if it can. */
    default Optional<String> cannot(Ability ability) {
        return Optional.empty();
    }

    default boolean can(Ability ability) {
        return cannot(ability).isEmpty();
    }

    /** Ends the test, with the reason, if its provider cannot do this. */
    default void requires(Ability ability) {
        cannot(ability).ifPresent(section -> {
            throw new Cannot(section);
        });
    }

    /** The provider cannot keep the promise; the message says where its documents say so. */
    final class Cannot extends TestAbortedException {
        Cannot(String section) {
            super("cannot: " + section);
        }
    }
}
