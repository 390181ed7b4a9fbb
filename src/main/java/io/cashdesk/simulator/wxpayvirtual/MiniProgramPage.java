package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletResource;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the page that plays a mini-program shows: the user's coins, a login code, the call, and its result. */
@ApplicationScoped
class MiniProgramPage {
    static final String PATH = VirtualServer.PATH + "/mini-program";

    /** The codes whose meaning the page says; each has the message {@code simulator.virtual.code.<code>}. */
    static final Set<Integer> EXPLAINED = Set.of(
            0, -1, -2, 1001, -15001, -15002, -15004, -15005, -15006, -15007, -15009, -15010, -15011, -15012, -15013,
            -15014, -15016, -15018);

    private static final String EXAMPLE = """
            {
              "provider": "wxpay-virtual",
              "context": {"PLATFORM": "mp-weixin"},
              "data": {
                "out_trade_no": "V20260101-1",
                "subject": "gems",
                "type": "goods",
                "openid": "%s",
                "wxpay_virtual": {
                  "mode": "short_series_goods",
                  "buy_quantity": 1,
                  "product_id": "gems",
                  "goods_price": 600
                }
              }
            }""";

    @Inject
    AccountStore accounts;

    @Inject
    VirtualProfiles profiles;

    @Inject
    VirtualProducts products;

    @Inject
    TradeStore trades;

    @Inject
    Coins coins;

    @Inject
    Settings settings;

    /**
     * @param app the application's id, or an empty text
     * @param parameters what was pasted, or an empty text
     */
    record Phone(String app, WechatPayer payer, String parameters) {}

    boolean exists(String app) {
        return account(app).isPresent();
    }

    private Optional<Account> account(String app) {
        return app.isEmpty() ? Optional.empty() : accounts.byAppId(VirtualServer.NAME, app);
    }

    /** @param loginCode of {@code wx.login}, or an empty text */
    Map<String, Object> model(Phone phone, Optional<VirtualCall.Result> result, String loginCode, Locale language) {
        var account = account(phone.app());
        var model = new LinkedHashMap<String, Object>();
        model.put("app", phone.app());
        model.put("known", account.isPresent());
        model.put("payer", phone.payer().name());
        model.put("payers", WechatPayer.values());
        model.put("parameters", phone.parameters());
        model.put("loginCode", loginCode);
        model.put("outcomes", List.of(VirtualOutcome.CANCEL, VirtualOutcome.FAIL, VirtualOutcome.CLOSE));
        model.put("result", result.map(r -> result(r, language)).orElse(null));
        model.put("openid", account.map(a -> phone.payer().openid(a.appId())).orElse(""));
        model.put("example", EXAMPLE.formatted(model.get("openid")));
        model.put("balances", account.map(a -> balances(a, phone.payer())).orElse(List.of()));
        model.put("products", account.map(this::products).orElse(List.of()));
        model.put("rate", account.map(a -> profiles.of(a).rate()).orElse(0L));
        model.put("apps", settings.development() ? apps() : List.of());
        var here = PATH + "?app=" + encoded(phone.app()) + "&payer=" + phone.payer();
        var other = Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
        model.put("here", here);
        model.put("otherLanguage", other);
        model.put("otherAddress", here + "&lang=" + other);
        return model;
    }

    private Map<String, Object> result(VirtualCall.Result result, Locale language) {
        var shown = new LinkedHashMap<String, Object>();
        var trade = trades.byCode(result.code());
        shown.put("errCode", result.errCode());
        shown.put("errMsg", result.errMsg());
        shown.put("ok", result.errCode() == 0);
        shown.put(
                "meaning",
                EXPLAINED.contains(result.errCode())
                        ? Messages.text(language, "simulator.virtual.code." + result.errCode())
                        : "");
        shown.put("wallet", trade.map(WalletResource::page).orElse(""));
        shown.put("number", trade.map(Trade::number).orElse(""));
        shown.put("subject", trade.map(Trade::subject).orElse(""));
        shown.put("amount", trade.map(t -> Yuan.grouped(t.amount())).orElse(""));
        return shown;
    }

    /** In production, and in the sandbox if there are or were coins. */
    private List<Map<String, Object>> balances(Account account, WechatPayer payer) {
        return List.of(0, 1).stream()
                .map(env -> balance(account, payer, env))
                .filter(b -> (int) b.get("env") == 0 || (boolean) b.get("used"))
                .toList();
    }

    private Map<String, Object> balance(Account account, WechatPayer payer, int env) {
        var balance = coins.balance(new Coins.Owner(account.id(), payer.openid(account.appId()), env));
        return Map.of(
                "env",
                env,
                "all",
                balance.all(),
                "given",
                balance.given(),
                "used",
                !balance.equals(Coins.Balance.NONE));
    }

    private List<Map<String, String>> products(Account account) {
        return products.all(account.id()).stream()
                .map(p -> Map.of("id", p.id(), "price", Yuan.grouped(p.price()), "fen", Long.toString(p.price())))
                .toList();
    }

    private List<Map<String, String>> apps() {
        return profiles.latest().stream()
                .map(a -> Map.of("app", a.appId(), "pid", a.pid()))
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
