package io.cashdesk.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryParametersTest {
    private static QueryParameters cursor(String cursor) {
        var given = new MultivaluedHashMap<String, String>();
        given.putSingle("cursor", cursor);
        return QueryParameters.of(given, Set.of("cursor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-27T02:55:23.517666Z", "1970-01-01T00:00:00.000001Z", "9998-01-01T00:00:00Z"})
    void a_cursor_names_its_place_to_the_microsecond(Instant at) {
        var id = UUID.randomUUID();
        assertThat(cursor(QueryParameters.cursor(at, id)).cursor()).contains(new QueryParameters.Place(at, id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "x.y", "1.y", "0.0f8fad5b-d9cb-469f-a165-70867728950e"})
    void a_cursor_that_is_none_is_refused(String cursor) {
        assertThatThrownBy(() -> cursor(cursor).cursor()).isInstanceOf(Problem.class);
    }

    @Test
    void absent_begins_at_the_beginning() {
        assertThat(QueryParameters.of(new MultivaluedHashMap<>(), Set.of()).cursor())
                .isEmpty();
    }
}
