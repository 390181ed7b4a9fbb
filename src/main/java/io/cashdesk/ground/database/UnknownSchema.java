package io.cashdesk.ground.database;

/**
 * The database has tables that other migrations than this version's have made: those of an older version whose schema
 * was never released, or of another program. It was not changed. The message is one sentence for the operator.
 */
public class UnknownSchema extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownSchema() {
        super(
                "CASHDESK_DB_URL names a database whose tables were made by another version of Cashdesk and cannot be"
                        + " taken over; nothing was changed. Use an empty database",
                null,
                false,
                false); // for the operator: the stack trace has no further information
    }
}
