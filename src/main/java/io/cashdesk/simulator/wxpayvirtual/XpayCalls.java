package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultSettings;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wechat.WechatAnswer;
import io.cashdesk.simulator.wechat.WechatRefusal;
import io.cashdesk.simulator.wechat.WechatSessions;
import io.cashdesk.simulator.wechat.WechatTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out the calls to {@code /xpay/…}: the token, the signatures, the operation, the answer. */
@ApplicationScoped
class XpayCalls {
    private static final int SIGNATURE = 268490003;
    private static final int SESSION = 268490009;

    /** The faults that concern answers, the first before the others. */
    private static final List<Fault> ANSWERS = List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML);

    @Inject
    AccountStore accounts;

    @Inject
    VirtualProfiles profiles;

    @Inject
    WechatTokens tokens;

    @Inject
    WechatSessions sessions;

    @Inject
    XpayOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    FaultSettings faults;

    @Inject
    ExchangeLog log;

    /**
     * A call as it was sent; of the query each parameter may be null.
     *
     * @param name the last part of the path
     */
    record Call(String name, String accessToken, String paySig, String signature, String body) {
        static Call of(String name, String accessToken, String paySig, String signature, byte[] body) {
            return new Call(name, accessToken, paySig, signature, new String(body, StandardCharsets.UTF_8));
        }

        String path() {
            return "/xpay/" + name;
        }
    }

    CompletionStage<Response> answer(Call call) {
        try {
            var account = account(call.accessToken());
            return answer(call, account);
        } catch (WechatRefusal refused) {
            return CompletableFuture.completedFuture(WechatAnswer.response(WechatAnswer.refused(refused)));
        }
    }

    private Account account(String accessToken) {
        return accounts.byAppId(VirtualServer.NAME, tokens.application(accessToken))
                .orElseThrow(() -> new WechatRefusal(48001, "api unauthorized"));
    }

    private CompletionStage<Response> answer(Call call, Account account) {
        var about = about(call, account);
        var number = about.map(Trade::number).orElseGet(() -> numberIn(call));
        JsonObject answer;
        var late = false;
        try {
            verify(call, account, number);
            var done = operations.run(call.name(), account, XpayFields.of(call.body()));
            late = done.late() || takesTooLong(about, number);
            answer = Json.createObjectBuilder(done.content().build())
                    .add("errcode", 0)
                    .add("errmsg", "ok")
                    .build();
            var fault = fault(about, number);
            if (fault == CommonFault.ANSWER_HTML) {
                log.add(line(account, number, Exchange.Way.ANSWER, "")
                        .status(502)
                        .verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
                return CompletableFuture.completedFuture(FaultyAnswer.proxyPage());
            }
            if (fault != null) answer = WechatAnswer.refused(new WechatRefusal(-1, "system error"));
        } catch (WechatRefusal refused) {
            answer = WechatAnswer.refused(refused);
        }
        log.add(line(account, number, Exchange.Way.ANSWER, "")
                .status(200)
                .late(late)
                .body(answer.toString()));
        return FaultyAnswer.of(WechatAnswer.response(answer), late);
    }

    private Optional<Trade> about(Call call, Account account) {
        try {
            return operations.about(account.id(), XpayFields.of(call.body()));
        } catch (WechatRefusal noObject) {
            return Optional.empty();
        }
    }

    /** The number that a call about coins has, for the log and for faults. */
    private static String numberIn(Call call) {
        try {
            return XpayFields.of(call.body()).optional("order_id").orElse("");
        } catch (WechatRefusal unreadable) {
            return "";
        }
    }

    private boolean takesTooLong(Optional<Trade> about, String number) {
        var fault = CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING;
        return about.isPresent() ? trades.takeFault(trades.get(about.get().id()), fault) : faults.take(number, fault);
    }

    private Fault fault(Optional<Trade> about, String number) {
        for (var fault : ANSWERS) {
            var taken = about.isPresent()
                    ? trades.takeFault(trades.get(about.get().id()), fault)
                    : faults.take(number, fault);
            if (taken) return fault;
        }
        return null;
    }

    private void verify(Call call, Account account, String number) {
        var headers = new LinkedHashMap<String, String>();
        if (call.paySig() != null) headers.put("pay_sig", call.paySig());
        if (call.signature() != null) headers.put("signature", call.signature());
        var line = line(account, number, Exchange.Way.CALL, "POST " + call.path())
                .headers(headers)
                .body(call.body());
        try {
            var signed = verifyApplication(call, account);
            if (XpayOperations.isOfUser(call.name())) verifyUser(call, account);
            log.add(signed ? line.verdict(Exchange.Verdict.RIGHT, "") : line);
        } catch (WechatRefusal refused) {
            log.add(line.verdict(Exchange.Verdict.WRONG, refused.getMessage()));
            throw refused;
        }
    }

    /** Returns false for a call that need not be signed and is not. */
    private boolean verifyApplication(Call call, Account account) {
        // newer documents list no signature for this call; one that is sent must be right
        if (call.name().equals("notify_provide_goods") && call.paySig() == null) return false;
        var key = profiles.of(account).key(XpayFields.envOf(call.body()));
        if (!VirtualSignature.same(VirtualSignature.ofApplication(key, call.path(), call.body()), call.paySig())) {
            throw new WechatRefusal(SIGNATURE, "pay_sig error");
        }
        return true;
    }

    private void verifyUser(Call call, Account account) {
        var openid = XpayFields.of(call.body()).text("openid");
        XpayOperations.checkOpenid(account, openid);
        var session = sessions.of(account.appId(), openid)
                .filter(s -> !s.expired())
                .orElseThrow(() -> new WechatRefusal(SESSION, "session_key is missing or expired"));
        if (!VirtualSignature.same(VirtualSignature.ofUser(session.key(), call.body()), call.signature())) {
            throw new WechatRefusal(SIGNATURE, "signature error");
        }
    }

    private static Exchange line(Account account, String number, Exchange.Way way, String what) {
        return Exchange.of(account.id(), number, way, what).headers(Map.of());
    }
}
