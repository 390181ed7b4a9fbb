package io.cashdesk.simulator;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The wallet for tests and machines: dial a fault before the order exists or while it does, pay or decline by number, say what
 * becomes of a refund, let time pass, change the platform's key, hand out login codes, read the provider's books. Only on a
 * server that says of itself that it is for development.
 */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.APPLICATION_JSON)
public class ControlResource {
    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    WechatBooks wechat;

    @Inject
    AlipayBooks alipay;

    @Inject
    WechatRefunds refunds;

    @Inject
    WechatLogin login;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Settings settings;

    @POST
    @Path("dial")
    public JsonObject dial(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "faults");
        var faults = EnumSet.noneOf(Fault.class);
        for (var name :
                body.texts("faults", 16, 64).orElseThrow(() -> ProblemType.FIELD.with("faults", "a list", "absent"))) {
            faults.add(Arrays.stream(Fault.values())
                    .filter(f -> f.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            ProblemType.FIELD.with("faults", "some of " + Arrays.toString(Fault.values()), name)));
        }
        books.dialAhead(body.requiredText("out_trade_no", 64), faults);
        return done();
    }

    @POST
    @Path("pay")
    public JsonObject pay(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "provider");
        var paid = cashier.pay(trade(body.requiredText("out_trade_no", 64), body.text("provider", 16)));
        return Json.createObjectBuilder()
                .add("code", paid ? 0 : -1)
                .add("paid", paid)
                .build();
    }

    /** The payer does not pay, or stops typing his password. */
    @POST
    @Path("decline")
    public JsonObject decline(byte[] bytes) {
        developmentOnly();
        var trade = trade(JsonBody.parse(bytes).only("out_trade_no").requiredText("out_trade_no", 64));
        cashier.decline(trade);
        return done();
    }

    /** Makes an order, and all that belongs to it, older by some seconds. */
    @POST
    @Path("age")
    public JsonObject age(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "seconds");
        var seconds = body.whole("seconds")
                .filter(s -> s > 0 && s < 100_000_000)
                .orElseThrow(() -> ProblemType.FIELD.with("seconds", "a whole number", body.shown("seconds")));
        var trade = trade(body.requiredText("out_trade_no", 64)).id();
        wechat.age(trade, Duration.ofSeconds(seconds));
        alipay.age(trade, Duration.ofSeconds(seconds));
        return done();
    }

    /** What becomes of a refund at WeChat Pay: SUCCESS, ABNORMAL or CLOSED. */
    @POST
    @Path("refund")
    public JsonObject refund(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_refund_no", "status");
        var number = body.requiredText("out_refund_no", 64);
        var status = body.requiredText("status", 16);
        if (!Set.of("SUCCESS", "ABNORMAL", "CLOSED").contains(status)) {
            throw ProblemType.FIELD.with("status", "SUCCESS, ABNORMAL or CLOSED", status);
        }
        var refund = wechat.refundsByNumber(number).stream()
                .findFirst()
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var settled = refunds.settle(refund, Set.of("PROCESSING", "ABNORMAL"), status);
        return Json.createObjectBuilder()
                .add("code", settled ? 0 : -1)
                .add("settled", settled)
                .build();
    }

    /** From now on WeChat Pay signs for this merchant number with its public key's partner or with its certificate's. */
    @POST
    @Path("signing")
    public JsonObject signing(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("mch_id", "with");
        var number = body.requiredText("mch_id", 32);
        var key = body.requiredText("with", 16);
        if (!Set.of("PUBLIC_KEY", "CERTIFICATE").contains(key)) {
            throw ProblemType.FIELD.with("with", "PUBLIC_KEY or CERTIFICATE", key);
        }
        var account = books.accountByMchNo("wxpay", number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        wechat.signWith(accounts.profile(account).accountId(), key);
        var platform = accounts.platform(key.equals("CERTIFICATE") ? SimulatedAccounts.WXPAY_CERTIFICATE : "wxpay");
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("serial", key.equals("CERTIFICATE") ? platform.serial() : platform.publicKeyId())
                .build();
    }

    /**
     * A code as a phone's {@code wx.login} gets it, or (kind PAGE) as the login page hands it out; for the first payer or the
     * second. Its exchange can be made to fail with an errcode, or to say that the payer is a snapshot's.
     */
    @POST
    @Path("login")
    public JsonObject login(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "kind", "payer", "snapshot", "errcode");
        var appId = body.requiredText("app_id", 32);
        var kind = body.text("kind", 16).orElse(WechatLogin.MINI_PROGRAM);
        if (!Set.of(WechatLogin.PAGE, WechatLogin.MINI_PROGRAM).contains(kind)) {
            throw ProblemType.FIELD.with("kind", "PAGE or MINI_PROGRAM", kind);
        }
        var payer = WechatPayer.named(body.text("payer", 16).orElse("FIRST"))
                .orElseThrow(() -> ProblemType.FIELD.with("payer", "FIRST or SECOND", body.shown("payer")));
        var errcode = body.whole("errcode").orElse(0L).intValue();
        var openid = payer.openid(appId);
        var code = login.issue(appId, openid, kind, "snsapi_base", body.flag("snapshot", false), errcode);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("login_code", code)
                .add("openid", openid)
                .build();
    }

    private static JsonObject done() {
        return Json.createObjectBuilder().add("code", 0).build();
    }

    @GET
    @Path("books")
    public JsonObject books(@QueryParam("out_trade_no") String number, @QueryParam("provider") String provider) {
        developmentOnly();
        var trade = cashier.current(trade(number, Optional.ofNullable(provider)));
        var notices = Json.createArrayBuilder();
        for (var notice : books.noticesOf(trade.id())) {
            var n = Json.createObjectBuilder().add("tries", notice.tries()).add("forged", notice.forged());
            if (notice.status() != null) n.add("status", notice.status());
            if (notice.answer() != null) n.add("answer", notice.answer());
            n.add("about", notice.refundId() == null ? "payment" : "refund");
            notices.add(n);
        }
        var returned = Json.createArrayBuilder();
        for (var refund : wechat.refundsOf(trade.id())) {
            var now = refunds.current(refund);
            returned.add(Json.createObjectBuilder()
                    .add("out_refund_no", now.number())
                    .add("refund_id", now.refundId())
                    .add("amount", now.amount())
                    .add("state", now.state()));
        }
        for (var refund : alipay.refunds(trade.id())) {
            returned.add(Json.createObjectBuilder()
                    .add("out_refund_no", refund.requestNo())
                    .add("amount", refund.amount())
                    .add("state", refund.shown() ? "SUCCESS" : "CLOSED"));
        }
        return Json.createObjectBuilder()
                .add("state", trade.state())
                .add("amount", trade.amount())
                .add("reported", trade.reported())
                .add("transaction_id", trade.transactionId())
                .add("code", trade.code())
                .add("notifications", notices)
                .add("refunds", returned)
                .build();
    }

    private Books.Trade trade(String number) {
        return trade(number, Optional.empty());
    }

    /** The newest with this number: at the provider that is named, or at any. */
    private Books.Trade trade(String number, Optional<String> provider) {
        return books.tradesByNumber(number).stream()
                .filter(t -> provider.isEmpty() || provider.get().equals(t.provider()))
                .findFirst()
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
