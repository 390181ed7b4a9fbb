package io.cashdesk.simulator;

/** Amounts in yuan, as providers write them in texts. */
public final class Yuan {
    private Yuan() {}

    /** With two decimals and commas, for pages: 100000000 fen are "1,000,000.00". */
    public static String grouped(long fen) {
        return text(fen).replaceAll("(?<=\\d)(?=(\\d{3})+\\.)", ",");
    }

    /** With two decimals: 990 fen are "9.90", -5 fen are "-0.05". */
    public static String text(long fen) {
        if (fen < 0) return "-" + text(-fen);
        return fen / 100 + "." + (fen % 100 < 10 ? "0" : "") + fen % 100;
    }
}
