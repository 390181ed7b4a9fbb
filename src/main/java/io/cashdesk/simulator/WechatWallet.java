package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The WeChat on the payer's phone: what it checks before it opens the cashier.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365341">JSAPI and mini-programs</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365342">apps</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791835">H5</a>
 */
@ApplicationScoped
class WechatWallet {
    private static final Duration LIFE_OF_A_PREPAY = Duration.ofHours(2);
    private static final Duration LIFE_OF_AN_ADDRESS = Duration.ofMinutes(5);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    WechatV2Books v2;

    @Inject
    Cashier cashier;

    @Inject
    Clock clock;

    /** Why the cashier does not open, as the payer is told. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * What a page inside WeChat, a mini-program or an app hands over; {@code signed} is the last of v3's four signed lines.
     *
     * @param signType as it is said, or an empty text where an app does not say it
     * @param inV2 what v2 would sign of it
     */
    record Launch(
            String appId,
            String timestamp,
            String nonce,
            String signed,
            String signature,
            String prepayId,
            String signType,
            SortedMap<String, String> inV2) {}

    /** {@code WeixinJSBridge.invoke("getBrandWCPayRequest")} and {@code wx.requestPayment}: JSON of texts, nothing else. */
    static Launch inWechat(JsonObject given) {
        var packed = text(given, "package");
        if (!packed.startsWith("prepay_id=")) throw new Refused("package 须为 prepay_id=…");
        var signType = text(given, "signType");
        if (!Set.of("RSA", WechatV2Words.MD5, WechatV2Words.HMAC).contains(signType)) {
            throw new Refused("signType 须为 RSA、MD5 或 HMAC-SHA256");
        }
        return new Launch(
                given.getString("appId", ""),
                time(text(given, "timeStamp")),
                nonce(text(given, "nonceStr")),
                packed,
                text(given, "paySign"),
                packed.substring("prepay_id=".length()),
                signType,
                texts(given, "appId", "nonceStr", "package", "signType", "timeStamp"));
    }

    /** The SDK inside an app: the bare prepay id is signed. */
    static Launch inApp(JsonObject given) {
        if (!text(given, "package").equals("Sign=WXPay")) throw new Refused("package 须为 Sign=WXPay");
        var prepayId = text(given, "prepayid");
        return new Launch(
                text(given, "appid"),
                time(text(given, "timestamp")),
                nonce(text(given, "noncestr")),
                prepayId,
                text(given, "sign"),
                prepayId,
                "",
                texts(given, "appid", "noncestr", "package", "partnerid", "prepayid", "timestamp"));
    }

    private static SortedMap<String, String> texts(JsonObject given, String... names) {
        var texts = new TreeMap<String, String>();
        for (var name : names) texts.put(name, given.getString(name, ""));
        return texts;
    }

    private static String text(JsonObject given, String name) {
        if (given.get(name) instanceof JsonString s && !s.getString().isEmpty()) return s.getString();
        throw new Refused("缺少参数 " + name);
    }

    private static String time(String text) {
        if (!text.matches("\\d{10}")) throw new Refused("timeStamp 须为秒");
        return text;
    }

    private static String nonce(String text) {
        if (text.length() > 32) throw new Refused("nonceStr 过长");
        return text;
    }

    /** The order that these parameters open the cashier for. */
    Books.Trade open(Launch launch, WechatProduct product, String partnerId, String openid) {
        var order = order(launch.prepayId(), LIFE_OF_A_PREPAY, product);
        var detail = order.detail();
        var account = books.account(order.trade().accountId());
        if (partnerId != null && !partnerId.equals(account.mchNo())) throw new Refused("partnerid 与下单商户号不一致");
        // wx.requestPayment is not told the appId, because the mini-program is it
        var appId = launch.appId().isEmpty() ? appIdOf(detail) : launch.appId();
        if (!mayLaunch(detail, appId)) throw new Refused("appId 与下单时不一致");
        var message = appId + "\n" + launch.timestamp() + "\n" + launch.nonce() + "\n" + launch.signed() + "\n";
        if (!isSigned(launch, order.trade(), account, message)) {
            books.log(order.trade().number(), "←", product + " launch", "signature wrong", message);
            throw new Refused("支付验证签名失败");
        }
        books.log(order.trade().number(), "←", product + " launch", "signature right", message);
        var payer = detail.subOpenid().isEmpty() ? detail.openid() : detail.subOpenid();
        if (!openid.isEmpty() && !payer.isEmpty() && !payer.equals(openid)) {
            throw new Refused("下单账号与支付账号不一致");
        }
        return order.trade();
    }

    /** An order is launched in the words in which it was made. */
    private boolean isSigned(Launch launch, Books.Trade trade, Books.Account account, String message) {
        var madeInV2 = v2.signType(trade.id());
        if (madeInV2.isEmpty()) {
            return Set.of("RSA", "").contains(launch.signType())
                    && Keys.verify(message, launch.signature(), account.publicKey());
        }
        if (launch.signType().equals("RSA")) return false;
        var type = launch.signType().isEmpty() ? madeInV2.get() : launch.signType();
        var key = v2.key(account.id()).orElseThrow().apiKey();
        return WechatV2Words.sign(launch.inV2(), key, type).equals(launch.signature());
    }

    private static String appIdOf(WechatBooks.Detail detail) {
        return detail.subAppid().isEmpty() || !detail.openid().isEmpty() ? detail.appId() : detail.subAppid();
    }

    /** The sub-merchant's application where it was ordered for; the service provider's own unless the payer is the former's. */
    private static boolean mayLaunch(WechatBooks.Detail detail, String appId) {
        if (!detail.subAppid().isEmpty() && appId.equals(detail.subAppid())) return true;
        return appId.equals(detail.appId()) && detail.subOpenid().isEmpty();
    }

    /** How a phone's browser comes to an {@code h5_url}. */
    record Visit(String prepayId, String redirectUrl, String referer, String agent, boolean fromThisMachine) {}

    /** The order that an address opens the cashier for; where to go afterwards is remembered. */
    Books.Trade open(Visit visit) {
        var agent = visit.agent() == null ? "" : visit.agent().toLowerCase(Locale.ROOT);
        if (agent.contains("micromessenger")) throw new Refused("请在微信外打开订单，进行支付");
        var from = host(visit.referer()).orElseThrow(() -> new Refused("商家参数格式有误，请联系商家解决"));
        var order = order(visit.prepayId(), LIFE_OF_AN_ADDRESS, WechatProduct.H5);
        // the payer's address is compared only as far as a server behind proxies can tell
        var local = order.detail().clientIp().startsWith("127.")
                || order.detail().clientIp().equals("::1");
        if (local && !visit.fromThisMachine()) throw new Refused("由于商家传入的H5交易参数有误，请联系商家处理");
        if (visit.redirectUrl() != null && !visit.redirectUrl().isEmpty()) {
            if (!host(visit.redirectUrl()).equals(Optional.of(from))) {
                throw new Refused("商家存在未配置的参数，请联系商家解决");
            }
            wechat.redirectTo(order.trade().code(), visit.redirectUrl());
        }
        books.log(order.trade().number(), "←", "h5_url", "opened from " + from, "");
        return order.trade();
    }

    private static Optional<String> host(String address) {
        if (address == null || address.isEmpty()) return Optional.empty();
        try {
            var uri = URI.create(address);
            var web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web ? Optional.ofNullable(uri.getHost()) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private WechatBooks.Order order(String prepayId, Duration life, WechatProduct product) {
        var prepay = wechat.prepay(prepayId).orElseThrow(() -> new Refused("支付场景非法：prepay_id 不存在"));
        var order = wechat.order(cashier.current(books.trade(prepay.tradeId())));
        if (order.detail().product() != product) throw new Refused("支付场景非法");
        if (prepay.madeAt().plus(life).isBefore(clock.instant())) throw new Refused("支付请求已失效，请重新发起支付");
        return order;
    }
}
