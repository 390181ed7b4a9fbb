package io.cashdesk.ground.setting;

/** A setting without which we cannot start; the message is one sentence that names it and says what it should be. */
public class InvalidSetting extends RuntimeException {
    public InvalidSetting(String sentence) {
        super(sentence, null, false, false); // the sentence says it all; a stack trace would only hide it
    }
}
