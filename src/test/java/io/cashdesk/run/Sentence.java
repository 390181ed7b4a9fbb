package io.cashdesk.run;

/** Why it cannot start, in one sentence for whoever typed the command. */
class Sentence extends Exception {
    Sentence(String text) {
        super(text, null, false, false);
    }
}
