package io.cashdesk.merchant;

/** Whether money is real. The two never meet in a list, a number or a webhook. */
public enum Mode {
    TEST,
    LIVE;

    /** As it stands in keys and in the management API: "test", "live". */
    public String word() {
        return this == TEST ? "test" : "live";
    }
}
