package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;

/** A node of configuration that cannot be used, with a sentence that names the key and what belongs there. */
public final class WrongNodeValue extends IllegalArgumentException {
    private final transient LocalizedText sentence;

    /** @param sentence without a secret: it is shown to the caller and logged */
    public WrongNodeValue(LocalizedText sentence) {
        super(sentence.en());
        this.sentence = sentence;
    }

    /** @param cause why it cannot be used */
    public WrongNodeValue(LocalizedText sentence, Throwable cause) {
        super(sentence.en(), cause);
        this.sentence = sentence;
    }

    /** The sentence in Chinese and English. */
    public LocalizedText sentence() {
        return sentence;
    }

    /** Refuses, unless the value is valid. */
    public static void require(boolean valid, String zh, String en) {
        if (!valid) throw new WrongNodeValue(new LocalizedText(zh, en));
    }
}
