package io.cashdesk.ground.database;

/**
 * The database was told to commit and did not answer: the work may have been kept or not. Never to be taken for success, and
 * never for failure either: whoever wants to know looks at what is there.
 */
public class CommitUnknown extends RuntimeException {
    CommitUnknown(Throwable cause) {
        super("whether it was committed is not known", cause);
    }
}
