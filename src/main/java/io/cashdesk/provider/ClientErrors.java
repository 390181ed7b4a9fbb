package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import java.util.List;

/** A provider whose payment call on the payer's device fails with codes of its own, which a client must explain. */
public interface ClientErrors {
    /** What the client can do next. */
    enum Next {
        /** Nothing by itself: the merchant must put something right, or the payer has decided. */
        NONE,
        /** The same call again, later. */
        RETRY_LATER,
        /** {@code createPayment} again, with the same order. */
        CREATE_AGAIN,
        /** Log in again, give the code to {@code code2Session…}, then {@code createPayment} again. */
        LOGIN_AGAIN,
        /** {@code queryPayment}: the payment may have been made. */
        QUERY;

        /** As the API writes it: "create_again". */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One code.
     *
     * @param code as the client gets it: a number, or a word in the error's text
     * @param cause what happened, for developers and merchants
     * @param payer for the payer: what to do next, without blame and without codes
     */
    record ClientError(String code, LocalizedText cause, LocalizedText payer, Next next) {}

    /** Every documented code, in the order of the provider's documents. */
    List<ClientError> clientErrors();
}
