package io.cashdesk.simulator.wechat;

/** A refusal of WeChat's server, answered as {@code errcode} and {@code errmsg}. */
public final class WechatRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errcode;

    public WechatRefusal(int errcode, String message) {
        super(message, null, false, false);
        this.errcode = errcode;
    }

    /** WeChat's own number; 0 on a page that shows none. */
    public int errcode() {
        return errcode;
    }
}
