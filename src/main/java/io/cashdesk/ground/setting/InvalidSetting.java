package io.cashdesk.ground.setting;

/**
 * A required setting is missing, or a setting has an invalid value. The message is one sentence: which one, and what is
 * valid.
 */
public class InvalidSetting extends RuntimeException {
    public InvalidSetting(String message) {
        super(message, null, false, false); // for the operator: the stack trace has no further information
    }
}
