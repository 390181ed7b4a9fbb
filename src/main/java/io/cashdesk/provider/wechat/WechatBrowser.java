package io.cashdesk.provider.wechat;

import io.cashdesk.provider.Client;

/** WeChat's own browser, by its user agent. */
public final class WechatBrowser {
    private WechatBrowser() {}

    /** WeChat's browser on a desktop, which shows a code and scans none. */
    public static boolean onDesktop(Client client) {
        return client.says("micromessenger") && (client.says("windowswechat") || client.says("macwechat"));
    }

    /** WeChat's own browser on a phone. WeCom calls itself the same and cannot pay so. */
    public static boolean onPhone(Client client) {
        return client.platform().equals("h5-weixin")
                || (client.says("micromessenger") && !onDesktop(client) && !client.says("wxwork"));
    }

    /** A page inside a mini-program: no pay call works there, the mini-program itself must pay. */
    public static boolean inMiniProgram(Client client) {
        return onPhone(client) && client.says("miniprogram");
    }
}
