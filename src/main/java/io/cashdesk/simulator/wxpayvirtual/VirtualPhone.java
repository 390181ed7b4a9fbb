package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wechat.WechatSessions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * WeChat on the payer's phone: what {@code wx.requestVirtualPayment} checks before it makes an order.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestVirtualPayment.html">the
 *     document</a>
 */
@ApplicationScoped
class VirtualPhone {
    /** How long an order can be paid. */
    private static final Duration LIFE = Duration.ofHours(2);

    @Inject
    VirtualProfiles profiles;

    @Inject
    VirtualProducts products;

    @Inject
    WechatSessions sessions;

    @Inject
    VirtualOrderStore orders;

    @Inject
    TradeOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    Transactions transactions;

    @Inject
    ExchangeLog log;

    @Inject
    Clock clock;

    /**
     * The arguments of the call, all given.
     *
     * @param openid of the user who holds the phone; empty: the one whose session key made the signature
     * @param ios whether the phone is an iPhone
     */
    record Request(String mode, String signData, String paySig, String signature, String openid, boolean ios) {}

    /**
     * The order that the call makes.
     *
     * @throws ClientRefusal with the {@code errCode}
     */
    Trade open(Request request) {
        var data = SignData.read(request.mode(), request.signData());
        var account = profiles.accountOf(data.offerId())
                .orElseThrow(() -> new ClientRefusal(ClientRefusal.PARAMETER, "offerId 不存在"));
        var profile = profiles.of(account);
        var line = Exchange.of(account.id(), data.outTradeNo(), Exchange.Way.PAYER, "wx.requestVirtualPayment")
                .headers(Map.of("mode", request.mode(), "paySig", request.paySig(), "signature", request.signature()))
                .body(request.signData());
        String openid;
        try {
            checkPaySig(request, profile.key(data.env()));
            openid = user(request, account);
        } catch (ClientRefusal refused) {
            log.add(line.verdict(Exchange.Verdict.WRONG, refused.errCode() + " " + refused.getMessage()));
            throw refused;
        }
        log.add(line.verdict(Exchange.Verdict.RIGHT, ""));
        checkPhone(request, data, profile);
        if (data.coins()) checkState(profile.coinState(), ClientRefusal.COIN_UNPUBLISHED, "代币");
        else checkProduct(account, data);
        return created(account, profile, data, openid);
    }

    private static void checkPaySig(Request request, String key) {
        var right = VirtualSignature.ofApplication(key, VirtualSignature.CLIENT_CALL, request.signData());
        if (!VirtualSignature.same(right, request.paySig())) {
            throw new ClientRefusal(ClientRefusal.PAY_SIG, "paySig 错误");
        }
    }

    private String user(Request request, Account account) {
        var known = request.openid().isEmpty()
                ? sessions.all(account.appId())
                : sessions.of(account.appId(), request.openid()).stream().toList();
        if (!request.openid().isEmpty() && known.isEmpty()) throw expired();
        var user = known.stream()
                .filter(s -> VirtualSignature.same(
                        VirtualSignature.ofUser(s.key(), request.signData()), request.signature()))
                .findFirst()
                .orElseThrow(() -> new ClientRefusal(ClientRefusal.SIGNATURE, "signature 错误"));
        if (user.expired()) throw expired();
        return user.openid();
    }

    private static ClientRefusal expired() {
        return new ClientRefusal(ClientRefusal.SESSION_EXPIRED, "session_key 过期");
    }

    private static void checkPhone(Request request, SignData data, VirtualProfile profile) {
        if (profile.released() && data.env() == 1) {
            throw new ClientRefusal(ClientRefusal.ENVIRONMENT, "已发布的小程序只能使用 env 0");
        }
        if (request.ios() && !profile.ios()) throw new ClientRefusal(ClientRefusal.PARAMETER, "INVALID_PLATFORM");
        if (request.ios() && data.env() == 1) throw new ClientRefusal(ClientRefusal.PARAMETER, "iOS 没有沙箱环境");
    }

    private void checkProduct(Account account, SignData data) {
        var product = products.find(account.id(), data.productId())
                .orElseThrow(() -> new ClientRefusal(ClientRefusal.PRODUCT_UNPUBLISHED, "道具不存在"));
        checkState(product.state(), ClientRefusal.PRODUCT_UNPUBLISHED, "道具");
        if (product.price() != data.goodsPrice()) {
            throw new ClientRefusal(ClientRefusal.PRICE, "goodsPrice 与发布的价格不一致");
        }
    }

    private static void checkState(String state, int unpublished, String what) {
        switch (state) {
            case VirtualProducts.PUBLISHED -> {}
            case "PENDING" -> throw new ClientRefusal(ClientRefusal.NOT_YET_EFFECTIVE, what + "发布未生效");
            case "REVIEW_FAILED" -> throw new ClientRefusal(ClientRefusal.REVIEW_FAILED, what + "审核不通过");
            default -> throw new ClientRefusal(unpublished, what + "未发布");
        }
    }

    private Trade created(Account account, VirtualProfile profile, SignData data, String openid) {
        var amount = data.amount(profile.rate());
        return transactions.inNew(() -> {
            var isNew = operations.create(new NewTrade(
                    account,
                    data.outTradeNo(),
                    "virtual-" + RandomText.letters(24),
                    amount,
                    data.coins() ? "代币 × " + data.quantity() : data.productId() + " × " + data.quantity(),
                    profile.pushUrl(),
                    "",
                    "NOTPAY",
                    clock.instant().plus(LIFE)));
            if (!isNew) throw new ClientRefusal(ClientRefusal.NUMBER_USED, "outTradeNo 重复使用");
            var trade = trades.find(account.id(), data.outTradeNo()).orElseThrow();
            orders.add(new VirtualOrder.Detail(
                    trade.id(),
                    XpayOperations.newWxOrderId(),
                    RandomText.digits(24),
                    openid,
                    data.env(),
                    data.productId(),
                    data.quantity(),
                    data.goodsPrice(),
                    data.attach(),
                    "",
                    null));
            return trade;
        });
    }
}
