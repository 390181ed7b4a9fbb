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

/**
 * Where the APIs of this server differ for idempotency: how a call is named, and how an answer shows success or
 * refusal.
 */
public interface ApiDialect {
    /**
     * A call that changes something.
     *
     * @param pid the merchant that it names, or null
     */
    record Call(String name, String pid) {}

    /**
     * Which call it is; empty if it changes nothing.
     *
     * @throws RuntimeException if the body cannot be read; the call itself is going to refuse it
     */
    Optional<Call> read(String path, byte[] body);

    /**
     * To whom the Idempotency-Key belongs: equal keys of different owners are different keys.
     *
     * @param authorization the header, or null
     * @return empty if the call is going to refuse the caller, or if the caller may have no Idempotency-Keys
     */
    Optional<String> owner(String authorization, Call call);

    /**
     * The body with the numbers that the caller left out, derived from the seed, so that a second execution uses the
     * same ones.
     *
     * @return {@code body} itself if no number is missing
     */
    byte[] complete(Call call, byte[] body, UUID seed);

    /** What follows from an answer for the Idempotency-Key. */
    Outcome outcome(JsonObject answer);

    /** What follows from an answer for the Idempotency-Key. */
    enum Outcome {
        /** A success or a decision: it is stored, and a repetition gets the same answer. */
        FINAL,
        /** The outcome is unknown or the obstacle temporary: a repetition is carried out again. */
        TEMPORARY,
        /** Nothing was done, because of a mistake in the call: the key may be used for another call. */
        MISTAKE
    }

    /** The refusal in this API's own form; or throws {@code why}, where the exception mappers write it. */
    Response refusal(RuntimeException why, ContainerRequestContext request);

    /** Of an answer with {@code code}: 0 for success, otherwise the number of a problem. */
    static Outcome byCode(JsonObject answer) {
        if (!(answer.get("code") instanceof JsonNumber code)) return Outcome.TEMPORARY;
        if (code.longValue() == 0) return Outcome.FINAL;
        var problem = ProblemType.ofCode(code.intValue());
        if (problem.isEmpty() || problem.get().isTemporary()) return Outcome.TEMPORARY;
        var status = problem.get().status();
        return status == 409 || status == 422 ? Outcome.FINAL : Outcome.MISTAKE;
    }

    /** A refund without a number gets one of at most 64 characters, which is what a caller may send. */
    static JsonObject withRefundNo(JsonObject refund, UUID seed) {
        var number = text(refund, "out_trade_no");
        if (number == null) return refund; // the call is going to refuse it
        var random = seed.toString().replace("-", "");
        var made = number.length() <= 51 ? number + "-" + random.substring(0, 12) : random;
        return Json.createObjectBuilder(refund).add("out_refund_no", made).build();
    }

    /** The text of a field, or null if it is missing or no text. */
    static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : null;
    }

    /** {@code /api/pay/{call}}: the merchant is in {@code pid} or {@code data.pid}. */
    @ApplicationScoped
    class Plain implements ApiDialect {
        @Inject
        MerchantKeyOwner merchants;

        @Override
        public Optional<String> owner(String authorization, Call call) {
            return merchants.of(authorization, call.pid());
        }

        @Override
        public Optional<Call> read(String path, byte[] body) {
            var fields = JsonBody.parse(body).json();
            var pid = fields.get("data") instanceof JsonObject data ? text(data, "pid") : text(fields, "pid");
            return Optional.of(new Call(path.substring(path.lastIndexOf('/') + 1), pid));
        }

        @Override
        public byte[] complete(Call call, byte[] body, UUID seed) {
            if (!call.name().equals("refund")) return body;
            var fields = JsonBody.parse(body);
            if (fields.json().containsKey("out_refund_no")) return body; // null is refused by the call
            return withRefundNo(fields.json(), seed).toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Outcome outcome(JsonObject answer) {
            return byCode(answer);
        }

        @Override
        public Response refusal(RuntimeException why, ContainerRequestContext request) {
            throw why;
        }
    }
}
