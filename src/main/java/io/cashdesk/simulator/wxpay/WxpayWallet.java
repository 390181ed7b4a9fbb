package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * WeChat on the payer's phone: what it checks before it opens a payment.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365341">JSAPI and mini-programs</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365342">apps</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791835">H5</a>
 */
@ApplicationScoped
class WxpayWallet {
    private static final Duration LIFE_OF_AN_ADDRESS = Duration.ofMinutes(5);

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    TradeOperations operations;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    @Any
    Instance<WxpayOtherApi> otherApis;

    @Inject
    Clock clock;

    /** The wallet does not open the payment; the message is what the payer sees. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** The values of {@code signType} in launch parameters beside RSA. */
    Set<String> otherSignTypes() {
        var types = new HashSet<String>();
        for (var api : otherApis) types.addAll(api.signTypes());
        return types;
    }

    /**
     * The order that these parameters open.
     *
     * @param partnerId the merchant number among the parameters, or null where they have none
     * @param openid the payer who holds the phone, or an empty text
     * @param what the request's method and path, for the log
     */
    Trade open(WxpayLaunch launch, WxpayProduct product, String partnerId, String openid, String what) {
        var order = order(launch.prepayId(), WxpayServer.LIFE_OF_A_PREPAY, product);
        var detail = order.detail();
        var account = accounts.get(order.trade().accountId());
        if (partnerId != null && !partnerId.equals(account.mchNo())) throw new Refused("partnerid 与下单商户号不一致");
        // wx.requestPayment has no appId, because it is that of the mini-program
        var appId = launch.appId().isEmpty() ? appIdOf(detail) : launch.appId();
        if (!mayLaunch(detail, appId)) throw new Refused("appId 与下单时不一致");
        var message = appId + "\n" + launch.timestamp() + "\n" + launch.nonce() + "\n" + launch.signed() + "\n";
        var right = isSigned(launch, order.trade(), account, message);
        log.add(line(order.trade(), what)
                .verdict(right ? Exchange.Verdict.RIGHT : Exchange.Verdict.WRONG, right ? "" : Exchange.MISMATCH)
                .headers(Map.of("paySign", launch.signature()))
                .body(message));
        if (!right) throw new Refused("支付验证签名失败");
        var payer = detail.subOpenid().isEmpty() ? detail.openid() : detail.subOpenid();
        if (!openid.isEmpty() && !payer.isEmpty() && !payer.equals(openid)) {
            throw new Refused("下单账号与支付账号不一致");
        }
        return order.trade();
    }

    /** Where the wallet page of an order leads back to. */
    void leadBack(Trade trade, String address) {
        orderStore.redirectTo(trade.code(), address);
    }

    /** The parameters must be signed as in the API version through which the order was made. */
    private boolean isSigned(WxpayLaunch launch, Trade trade, Account account, String message) {
        for (var api : otherApis) {
            var signed = api.isSigned(trade, launch);
            if (signed.isPresent()) return signed.get();
        }
        return Set.of(WxpayLaunch.RSA, "").contains(launch.signType())
                && Rsa.verify(message, launch.signature(), account.publicKey());
    }

    private static String appIdOf(WxpayOrderDetail detail) {
        return detail.subAppid().isEmpty() || !detail.openid().isEmpty() ? detail.appId() : detail.subAppid();
    }

    /**
     * The sub-merchant's application may open an order that names it; the service provider's own application may,
     * unless the payer is known by an openid of the sub-merchant's.
     */
    private static boolean mayLaunch(WxpayOrderDetail detail, String appId) {
        if (!detail.subAppid().isEmpty() && appId.equals(detail.subAppid())) return true;
        return appId.equals(detail.appId()) && detail.subOpenid().isEmpty();
    }

    /**
     * A visit of a phone's browser to an {@code h5_url}. Texts may be null.
     *
     * @param fromThisMachine whether the browser's address is a loopback address
     */
    record Visit(String prepayId, String redirectUrl, String referer, String agent, boolean fromThisMachine) {}

    /** The order that an {@code h5_url} opens; its {@code redirect_url} is stored. */
    Trade open(Visit visit) {
        var agent = visit.agent() == null ? "" : visit.agent().toLowerCase(Locale.ROOT);
        if (agent.contains("micromessenger")) throw new Refused("请在微信外打开订单，进行支付");
        var from = host(visit.referer()).orElseThrow(() -> new Refused("商家参数格式有误，请联系商家解决"));
        var order = order(visit.prepayId(), LIFE_OF_AN_ADDRESS, WxpayProduct.H5);
        // behind proxies the payer's address cannot be compared exactly, so only loopback addresses are
        var local = order.detail().clientIp().startsWith("127.")
                || order.detail().clientIp().equals("::1");
        if (local && !visit.fromThisMachine()) throw new Refused("由于商家传入的H5交易参数有误，请联系商家处理");
        if (visit.redirectUrl() != null && !visit.redirectUrl().isEmpty()) {
            if (!host(visit.redirectUrl()).equals(Optional.of(from))) {
                throw new Refused("商家存在未配置的参数，请联系商家解决");
            }
            orderStore.redirectTo(order.trade().code(), visit.redirectUrl());
        }
        log.add(line(order.trade(), "GET /simulator/wxpay/h5").headers(Map.of("Referer", visit.referer())));
        return order.trade();
    }

    private static Exchange line(Trade trade, String what) {
        return Exchange.of(trade.accountId(), trade.number(), Exchange.Way.PAYER, what);
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

    private WxpayOrder order(String prepayId, Duration life, WxpayProduct product) {
        var prepay = orderStore.prepay(prepayId).orElseThrow(() -> new Refused("支付场景非法：prepay_id 不存在"));
        var order = orderStore.withDetail(operations.current(trades.get(prepay.tradeId())));
        if (order.detail().product() != product) throw new Refused("支付场景非法");
        if (prepay.madeAt().plus(life).isBefore(clock.instant())) throw new Refused("支付请求已失效，请重新发起支付");
        return order;
    }
}
