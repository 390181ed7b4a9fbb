package io.cashdesk.simulator.vkspay;

/** A call that the gateway refuses. The message is the gateway's own text. */
final class VkspayRefusal extends RuntimeException {
    /** Any failure. */
    static final int GENERAL = -1;

    static final int NO_REFUNDS = -2;
    static final int UNKNOWN_MERCHANT = -3;
    static final int NOTHING_SENT = -4;
    static final int UNKNOWN_ACT = -5;

    /** Of epay V1, negative; VksPay's own interface and V2 have the message alone. */
    final int code;

    /** Whether the signature is what was refused. */
    final boolean ofSignature;

    private VkspayRefusal(int code, String message, boolean ofSignature) {
        super(message, null, false, false);
        this.code = code;
        this.ofSignature = ofSignature;
    }

    static VkspayRefusal of(String message) {
        return new VkspayRefusal(GENERAL, message, false);
    }

    static VkspayRefusal of(int code, String message) {
        return new VkspayRefusal(code, message, false);
    }

    static VkspayRefusal signature() {
        return new VkspayRefusal(GENERAL, "签名校验失败，请返回重试！", true);
    }
}
