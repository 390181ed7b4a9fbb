package io.cashdesk.otherprovider;

/**
 * What comes of a call that would make an order.
 *
 * @param taken whether the order is made
 * @param status the HTTP status of the answer
 * @param code the code of the refusal, or an empty text: the prompt if the status is 200, else a body that is no answer
 */
record Outcome(boolean taken, int status, String code) {
    static final Outcome PROMPT = new Outcome(true, 200, "");

    /** Reads "taken:status:code". */
    static Outcome parse(String text) {
        var parts = text.split(":", 3);
        return new Outcome(Boolean.parseBoolean(parts[0]), Integer.parseInt(parts[1]), parts[2]);
    }

    boolean prompt() {
        return status == 200 && code.isEmpty();
    }
}
