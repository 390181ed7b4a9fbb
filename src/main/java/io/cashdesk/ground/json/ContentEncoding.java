package io.cashdesk.ground.json;

import io.cashdesk.ground.problem.ProblemType;

/** The header {@code Content-Encoding} of a request. */
public final class ContentEncoding {
    private ContentEncoding() {}

    /**
     * Refuses a compressed body: it would be read as it is, and the error message would blame its characters.
     *
     * @param header null, if it is absent
     * @throws io.cashdesk.ground.problem.Problem {@link ProblemType#CONTENT_ENCODING} for all but {@code identity}
     */
    public static void requireNone(String header) {
        if (header == null || header.isBlank() || header.strip().equalsIgnoreCase("identity")) return;
        throw ProblemType.CONTENT_ENCODING.with(header);
    }
}
