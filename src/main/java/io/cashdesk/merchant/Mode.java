package io.cashdesk.merchant;

/** Whether money is real. Orders, numbers, keys and webhooks of the two are separate. */
public enum Mode {
    TEST,
    LIVE;

    /** As written in keys and in the management API: "test", "live". */
    public String word() {
        return this == TEST ? "test" : "live";
    }
}
