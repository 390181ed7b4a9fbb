package io.cashdesk.ground.json;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** Merges JSON objects, object by object. */
public final class JsonMerge {
    private JsonMerge() {}

    /**
     * The members of both. Where both have a member that is an object, these are merged too; otherwise the value of
     * {@code other} replaces the one that was there, lists as a whole.
     */
    public static JsonObject merged(JsonObject object, JsonObject other) {
        if (other.isEmpty()) return object;
        var merged = Json.createObjectBuilder(object);
        other.forEach((name, value) -> merged.add(name, merged(object.get(name), value)));
        return merged.build();
    }

    private static JsonValue merged(JsonValue value, JsonValue other) {
        return value instanceof JsonObject a && other instanceof JsonObject b ? merged(a, b) : other;
    }
}
