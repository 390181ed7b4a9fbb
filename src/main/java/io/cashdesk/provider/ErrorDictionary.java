package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.PaymentProvider.Call;
import io.cashdesk.provider.ProviderError.Fault;
import io.cashdesk.provider.ProviderError.Retry;
import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One provider's error codes, read from the file {@code errors.json} beside its adapter, whole or not at all.
 *
 * <p>{@code errors} lists the entries. {@code codes} are the spellings of one code, the newest first; one that ends in
 * {@code *} stands for all that begin so and have no entry of their own. {@code calls} limits an entry to calls where
 * the code means something else; every such code also has an entry without. {@code payer} is a text, or the name of one
 * under {@code payer} at the top; {@code refund} there names the text for a payer who waits for a refund.
 */
public final class ErrorDictionary {
    private static final Set<Call> REFUNDS = EnumSet.of(Call.REFUND, Call.QUERY_REFUND);

    private static final Set<String> FIELDS = Set.of("codes", "calls", "fault", "retry", "cause", "payer", "merchant");

    private final Map<String, Entry> entries = new HashMap<>();

    /** What one code means, in general and on certain calls. */
    private static final class Entry {
        private ProviderError general;
        private final Map<Call, ProviderError> on = new HashMap<>();
        private ProviderError onRefunds;

        private ProviderError of(Call call) {
            var special = on.get(call);
            if (special != null) return special;
            return REFUNDS.contains(call) ? onRefunds : general;
        }
    }

    /**
     * The dictionary that lies beside this adapter.
     *
     * @throws IllegalStateException with a sentence that says what is wrong with it
     */
    public static ErrorDictionary beside(Class<?> adapter) {
        try (InputStream in = adapter.getResourceAsStream("errors.json")) {
            return new ErrorDictionary(in);
        } catch (IOException | RuntimeException e) { // of many kinds, and each means that the file was not looked at
            throw new IllegalStateException("errors.json beside " + adapter.getName() + ": " + e.getMessage(), e);
        }
    }

    /** @throws RuntimeException with a sentence that says what is wrong with it */
    ErrorDictionary(InputStream utf8) {
        var strict = Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
        JsonObject file;
        try (var reader = strict.createReader(utf8, StandardCharsets.UTF_8)) {
            file = reader.readObject();
        }
        var said = new HashMap<String, JsonObject>();
        file.getJsonObject("payer").forEach((name, text) -> said.put(name, text.asJsonObject()));
        for (var error : file.getJsonArray("errors")) add(error.asJsonObject(), said);
        entries.forEach((code, entry) -> {
            if (entry.general == null)
                throw new IllegalArgumentException(code + " has a meaning on certain calls only");
        });
    }

    /**
     * What this code means as an answer to this call; empty if the provider's documents did not have it when this was
     * written.
     */
    public Optional<ProviderError> find(Call call, String code) {
        var entry = entries.get(code);
        for (int end = code.length() - 1; entry == null && end > 0; end--) {
            entry = entries.get(code.substring(0, end) + "*");
        }
        return Optional.ofNullable(entry).map(e -> e.of(call));
    }

    /**
     * What this code means as an answer to this call, or that its meaning is not known.
     *
     * @param words what the provider said beside it, or an empty text
     */
    public ProviderError explain(Call call, String code, String words) {
        return find(call, code).orElseGet(() -> ProviderError.unknown(code, words));
    }

    /** Every spelling that has an entry, in order. */
    public Set<String> codes() {
        return new TreeSet<>(entries.keySet());
    }

    private void add(JsonObject error, Map<String, JsonObject> said) {
        var codes = strings(error, "codes");
        if (codes.isEmpty()) throw new IllegalArgumentException("an error without codes: " + error);
        var name = codes.get(0);
        for (var field : error.keySet()) {
            if (!FIELDS.contains(field)) throw new IllegalArgumentException(name + " has an unknown field " + field);
        }
        var calls = strings(error, "calls").stream().map(Call::valueOf).toList();
        if (error.containsKey("calls") && calls.isEmpty()) {
            throw new IllegalArgumentException(name + " is limited to no call at all");
        }
        var retry = word(Retry.class, error, "retry", name);
        var forOrders = retry == Retry.NEW_NUMBER || retry == Retry.NEW_CODE;
        var toPayer = error(error, name, payer(error, name, said, false), retry);
        // a refund under a new number is a second refund
        var toRefunded = error(error, name, payer(error, name, said, true), forOrders ? Retry.NO : retry);
        for (var code : codes) {
            var entry = entries.computeIfAbsent(code, c -> new Entry());
            if (calls.isEmpty()) {
                if (entry.general != null) throw new IllegalArgumentException(code + " has two entries");
                entry.general = toPayer;
                entry.onRefunds = toRefunded;
            }
            for (var call : calls) {
                var before = entry.on.put(call, REFUNDS.contains(call) ? toRefunded : toPayer);
                if (before != null) throw new IllegalArgumentException(code + " has two entries for " + call);
            }
        }
    }

    private static ProviderError error(JsonObject error, String code, LocalizedText payer, Retry retry) {
        return new ProviderError(
                code,
                word(Fault.class, error, "fault", code),
                retry,
                text(error.get("cause"), code + "'s cause"),
                payer,
                text(error.get("merchant"), code + "'s merchant"));
    }

    private static <E extends Enum<E>> E word(Class<E> words, JsonObject error, String field, String code) {
        for (var word : words.getEnumConstants()) {
            if (word.name().equals(error.getString(field, ""))) return word;
        }
        throw new IllegalArgumentException(
                code + "'s " + field + " must be one of " + EnumSet.allOf(words) + ", but is " + error.get(field));
    }

    private static LocalizedText payer(JsonObject error, String code, Map<String, JsonObject> said, boolean refund) {
        if (!(error.get("payer") instanceof JsonString name)) return text(error.get("payer"), code + "'s payer");
        var text = named(name.getString(), said);
        var other = text.getString("refund", "");
        return refund && !other.isEmpty()
                ? text(named(other, said), "payer's " + other)
                : text(text, "payer's " + name.getString());
    }

    private static JsonObject named(String name, Map<String, JsonObject> said) {
        var text = said.get(name);
        if (text == null) throw new IllegalArgumentException("payer has no text named " + name);
        return text;
    }

    private static LocalizedText text(JsonValue value, String what) {
        if (!(value instanceof JsonObject both)) throw new IllegalArgumentException(what + " is missing");
        var zh = both.getString("zh", "");
        var en = both.getString("en", "");
        if (zh.isBlank() || en.isBlank()) throw new IllegalArgumentException(what + " is not in both languages");
        return new LocalizedText(zh, en);
    }

    private static List<String> strings(JsonObject object, String name) {
        var strings = new ArrayList<String>();
        if (object.containsKey(name)) {
            for (var value : object.getJsonArray(name)) strings.add(((JsonString) value).getString());
        }
        return strings;
    }
}
