package io.cashdesk.checkout;

/**
 * A merchant's colour, made readable: in steps of a twentieth it is darkened for the light theme and lightened for the
 * dark one until it has a contrast of 4.5:1 with what it stands on.
 *
 * @see <a href="https://www.w3.org/TR/WCAG22/#contrast-minimum">WCAG 2.2, 1.4.3</a>
 */
record Accent(int rgb) {
    static final double ENOUGH = 4.5;

    /** The page behind the card, in both themes, as in tokens.css; the card itself contrasts more or the same. */
    static final Accent LIGHT_GROUND = of("#f4f5f7");

    static final Accent DARK_CARD = of("#1b1f25");

    /** @param hex "#rrggbb" */
    static Accent of(String hex) {
        return new Accent(Integer.parseInt(hex.substring(1), 16));
    }

    /** For text on the light ground, and under white text. */
    Accent onLight() {
        return until(LIGHT_GROUND, 0x000000);
    }

    /** For text on the dark card, and under dark text. */
    Accent onDark() {
        return until(DARK_CARD, 0xffffff);
    }

    private Accent until(Accent ground, int towards) {
        var step = this;
        for (int i = 1; step.contrast(ground) < ENOUGH && i <= 20; i++) step = mixed(towards, i / 20.0);
        return step;
    }

    private Accent mixed(int with, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            long part = Math.round((rgb >> shift & 0xff) * (1 - share) + (with >> shift & 0xff) * share);
            mixed |= (int) part << shift;
        }
        return new Accent(mixed);
    }

    double contrast(Accent other) {
        var light = Math.max(luminance(), other.luminance());
        var dark = Math.min(luminance(), other.luminance());
        return (light + 0.05) / (dark + 0.05);
    }

    private double luminance() {
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    }

    private static double linear(int channel) {
        var c = (channel & 0xff) / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    String hex() {
        return String.format("#%06x", rgb);
    }

    /** The stylesheet that puts it in place of our own. */
    String css() {
        return ":root{--accent:%s;--on-accent:#ffffff}@media (prefers-color-scheme:dark){:root{--accent:%s;--on-accent:#10151c}}"
                .formatted(onLight().hex(), onDark().hex());
    }
}
