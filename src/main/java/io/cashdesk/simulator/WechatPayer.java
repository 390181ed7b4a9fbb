package io.cashdesk.simulator;

import java.util.Arrays;
import java.util.Optional;

/** The people who pay with the simulated WeChat, with another openid in every application. */
enum WechatPayer {
    FIRST("SimulatedP1"),
    SECOND("SimulatedP2");

    /** 28 characters like a real one: o, what is behind "wx" in the application's id, and eleven for the person. */
    private static final int LENGTH = 28;

    private final String suffix;

    WechatPayer(String suffix) {
        this.suffix = suffix;
    }

    /** Who this person is in that application. */
    String openid(String appId) {
        return prefix(appId) + suffix;
    }

    /** Whether an openid is of that application: of one of these people or of anybody else. */
    static boolean belongs(String openid, String appId) {
        return openid.startsWith(prefix(appId)) && openid.matches("[0-9A-Za-z_-]{" + LENGTH + "}");
    }

    static Optional<WechatPayer> named(String name) {
        return Arrays.stream(values())
                .filter(p -> p.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static String prefix(String appId) {
        return "o" + appId.replaceFirst("^wx", "");
    }
}
