package io.cashdesk.idempotency;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** What the faces of our API have differently: where the call's name stands, and how an answer says yes or no. */
public interface ApiDialect {
    /** A call that changes something, and the merchant it names (null if it names none). */
    record Asked(String call, String pid) {}

    /**
     * What is asked for, if it changes something.
     *
     * @throws RuntimeException if it cannot be read; the call itself then says so
     */
    Optional<Asked> read(String path, byte[] body);

    /**
     * Whose the key is: other owners' equal keys are other keys.
     *
     * @param authorization the header, or null
     * @return empty if the call is going to refuse whoever asks, or if he may have no keys
     */
    Optional<String> owner(String authorization, Asked asked);

    /**
     * The body with the numbers that the caller left to us, made of the seed: carried out twice, the call must not make two.
     *
     * @param body as it came, and as it goes on if nothing is missing
     */
    byte[] complete(Asked asked, byte[] body, UUID seed);

    /** What a repetition of this call gets. */
    Meaning meaning(JsonObject answer);

    /** What an answer means for its key. */
    enum Meaning {
        /** It is the call's last word: a repetition gets it too. */
        LASTS,
        /** Nobody knows what came of it, or what stood in the way passes: the same call is carried out again. */
        PASSES,
        /** Nothing was done, because of a mistake in the call: the key is free. */
        MISTAKE
    }

    /** The face's own no; or throws what it was given, for the place where a no becomes HTTP. */
    Response no(RuntimeException why, ContainerRequestContext request);

    /** Of an answer with {@code code}: 0 for yes, otherwise the number of a problem. */
    static Meaning byCode(JsonObject answer) {
        if (!(answer.get("code") instanceof JsonNumber code)) return Meaning.PASSES;
        if (code.longValue() == 0) return Meaning.LASTS;
        var problem = ProblemType.ofCode(code.intValue());
        if (problem.isEmpty() || problem.get().isTemporary()) return Meaning.PASSES;
        var status = problem.get().status();
        return status == 409 || status == 422 ? Meaning.LASTS : Meaning.MISTAKE;
    }

    /** A refund without a number gets one, inside the 64 characters that a caller may send. */
    static JsonObject withRefundNo(JsonObject refund, UUID seed) {
        var number = text(refund, "out_trade_no");
        if (number == null) return refund; // a mistake, which the call names
        var chance = seed.toString().replace("-", "");
        var made = number.length() <= 51 ? number + "-" + chance.substring(0, 12) : chance;
        return Json.createObjectBuilder(refund).add("out_refund_no", made).build();
    }

    /** The text of a field that may be missing or be no text at all. */
    static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : null;
    }

    /** {@code /api/pay/{call}}: the merchant stands in {@code pid} or {@code data.pid}. */
    @ApplicationScoped
    class Plain implements ApiDialect {
        @Inject
        MerchantKeyOwner merchants;

        @Override
        public Optional<String> owner(String authorization, Asked asked) {
            return merchants.of(authorization, asked.pid());
        }

        @Override
        public Optional<Asked> read(String path, byte[] body) {
            var fields = JsonBody.parse(body).json();
            var pid = fields.get("data") instanceof JsonObject data ? text(data, "pid") : text(fields, "pid");
            return Optional.of(new Asked(path.substring(path.lastIndexOf('/') + 1), pid));
        }

        @Override
        public byte[] complete(Asked asked, byte[] body, UUID seed) {
            if (!asked.call().equals("refund")) return body;
            var fields = JsonBody.parse(body);
            if (fields.has("out_refund_no")) return body;
            return withRefundNo(fields.json(), seed).toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Meaning meaning(JsonObject answer) {
            return byCode(answer);
        }

        @Override
        public Response no(RuntimeException why, ContainerRequestContext request) {
            throw why;
        }
    }
}
