package io.cashdesk.simulator.wechat;

import java.util.Arrays;
import java.util.Optional;

/** The payers of the simulated WeChat. Each has another openid in every application. */
public enum WechatPayer {
    FIRST("SimulatedP1"),
    SECOND("SimulatedP2");

    /** As of a real openid: "o", the part of the application's id behind "wx", and eleven characters for the payer. */
    private static final int LENGTH = 28;

    private final String suffix;

    WechatPayer(String suffix) {
        this.suffix = suffix;
    }

    /** The openid of this payer in that application. */
    public String openid(String appId) {
        return prefix(appId) + suffix;
    }

    /** Whether an openid belongs to that application, whoever the payer is. */
    public static boolean belongs(String openid, String appId) {
        return openid.startsWith(prefix(appId)) && openid.matches("[0-9A-Za-z_-]{" + LENGTH + "}");
    }

    /** Whose openid it is; the first payer's if it is empty. */
    public static WechatPayer ofOpenid(String openid) {
        return openid.endsWith(SECOND.suffix) ? SECOND : FIRST;
    }

    public static Optional<WechatPayer> named(String name) {
        return Arrays.stream(values())
                .filter(p -> p.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static String prefix(String appId) {
        return "o" + appId.replaceFirst("^wx", "");
    }
}
