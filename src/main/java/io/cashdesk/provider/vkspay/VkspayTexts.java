package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.TextLimit.Unit;
import java.util.List;

/**
 * How long each text may be that leaves for a gateway. The table in docs/providers/vkspay.md is the same, which a test
 * compares. VksPay documents no limit; those of epay's reference server are used for it too.
 */
final class VkspayTexts {
    /** A published copy of the open-source server whose protocol epay gateways speak. */
    private static final String SERVER = "the source of the epay server (submit.php, mapi.php)";

    /** The title; the server cuts it there itself, perhaps in the middle of a character. */
    static final TextLimit NAME = new TextLimit("name", 127, Unit.UTF8_BYTES, SERVER);

    /** The columns of its table of orders. */
    static final TextLimit PARAM = new TextLimit("param", 255, Unit.CHARACTERS, SERVER);

    static final TextLimit RETURN_URL = new TextLimit("return_url", 255, Unit.CHARACTERS, SERVER);

    private VkspayTexts() {}

    /** What is shortened. */
    static List<TextLimit> shortened() {
        return List.of(NAME);
    }

    /** What is refused where it is too long. */
    static List<TextLimit> refused() {
        return List.of(PARAM, RETURN_URL);
    }
}
