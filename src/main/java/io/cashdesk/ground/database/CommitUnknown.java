package io.cashdesk.ground.database;

/**
 * The connection was lost after COMMIT was sent and before the response: the transaction may have been committed or
 * not. Callers must not treat it as success or as failure, and must read the rows to find out.
 */
public class CommitUnknown extends RuntimeException {
    CommitUnknown(Throwable cause) {
        super("the outcome of the commit is unknown", cause);
    }
}
