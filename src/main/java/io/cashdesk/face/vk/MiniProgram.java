package io.cashdesk.face.vk;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises a mini-program by the {@code Referer} that its container puts into every request; the program itself
 * cannot change it.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html">WeChat</a>,
 *     {@code https://servicewechat.com/{appid}/{version}/page-frame.html}
 * @see <a href="https://opendocs.alipay.com/mini/api/owycmh">Alipay</a>,
 *     {@code https://{appid}.hybrid.alipay-eco.com/{appid}/{version}/index.html}
 * @see <a
 *     href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/api/network/http/tt-request">Douyin</a>,
 *     {@code https://tmaservice.developer.toutiao.com/?appid={appid}&version={version}}
 * @see <a href="https://q.qq.com/wiki/develop/miniprogram/frame/basic_ability/basic_network.html">QQ</a>,
 *     {@code https://appservice.qq.com/{appid}/{version}/page-frame.html}
 */
final class MiniProgram {
    /** Host to uni-app's name of the platform. */
    private static final Map<String, String> PLATFORMS = Map.of(
            "servicewechat.com", "mp-weixin",
            "tmaservice.developer.toutiao.com", "mp-toutiao",
            "smartapps.cn", "mp-baidu",
            "appservice.qq.com", "mp-qq",
            "service.vapp.jd.com", "mp-jd");

    /** Alipay puts the application's number before it. */
    private static final String ALIPAY = ".hybrid.alipay-eco.com";

    private MiniProgram() {}

    /**
     * The platform, in uni-app's words.
     *
     * @param referer the header, or null
     * @return empty if it is the address of an ordinary page, or none
     */
    static Optional<String> platform(String referer) {
        if (referer == null) return Optional.empty();
        URI uri;
        try {
            uri = new URI(referer.strip().replaceFirst("#.*", ""));
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
        if (uri.getHost() == null || !"https".equalsIgnoreCase(uri.getScheme())) return Optional.empty();
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(ALIPAY) ? Optional.of("mp-alipay") : Optional.ofNullable(PLATFORMS.get(host));
    }
}
