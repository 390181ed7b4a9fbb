package io.cashdesk.simulator.wxpayvirtual;

/** {@code wx.requestVirtualPayment} fails, with its {@code errCode}. */
final class ClientRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A parameter is missing, or is no text. */
    static final int MISSING = 1001;

    static final int PARAMETER = -15001;
    static final int NUMBER_USED = -15002;
    static final int CURRENCY = -15004;
    static final int SIGNATURE = -15005;
    static final int PAY_SIG = -15006;
    static final int SESSION_EXPIRED = -15007;
    static final int COIN_UNPUBLISHED = -15009;
    static final int PRODUCT_UNPUBLISHED = -15010;
    static final int ENVIRONMENT = -15011;
    static final int CLOSED = -15012;
    static final int PRICE = -15013;
    static final int NOT_YET_EFFECTIVE = -15014;
    static final int SIGN_DATA = -15016;
    static final int REVIEW_FAILED = -15018;

    private final int errCode;

    ClientRefusal(int errCode, String message) {
        super(message, null, false, false);
        this.errCode = errCode;
    }

    int errCode() {
        return errCode;
    }
}
