package io.cashdesk.simulator.douyin;

/** A call that Douyin refuses, with its {@code err_no}. The message is the platform's text. */
final class DouyinRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // ecpay
    static final int SYSTEM = 1000;
    static final int BUSY = 1001;
    static final int NO_RECORD = 2000;
    static final int SIGNATURE = 2008;
    static final int PARAMETER = 2010;
    static final int APP_ID = 2020;
    static final int THIRDPARTY = 2047;
    static final int NO_REFUND = 3101;

    // the general trade system
    static final int TRADE_BUSY = 2100004;
    static final int TRADE_PARAMETER = 2100005;
    static final int TOKEN = 2190002;
    static final int TOKEN_EXPIRED = 2190008;
    static final int TRADE_SYSTEM = 2191000;
    static final int TRADE = 2191002;
    static final int REVERSE_TRADE = 2191005;
    static final int SETTLEMENT = 2191009;

    // the client's calls
    static final int CLIENT_PARAMETER = 10000;
    static final int CLIENT_UNAUTHORISED = 11001;
    static final int CLIENT_SIGNATURE = 11004;
    static final int CLIENT_ORDER_STATE = 20001;

    final int errNo;

    DouyinRefusal(int errNo, String message) {
        super(message, null, false, false);
        this.errNo = errNo;
    }

    /** Whether the signature is what was refused. */
    boolean ofSignature() {
        return errNo == SIGNATURE || errNo == CLIENT_SIGNATURE;
    }

    static DouyinRefusal parameter(String message) {
        return new DouyinRefusal(PARAMETER, "参数不合法：" + message);
    }

    static DouyinRefusal tradeParameter(String message) {
        return new DouyinRefusal(TRADE_PARAMETER, "参数不合法：" + message);
    }
}
