package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.Payer.Screen;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What both versions of epay have in common: the fields of an order, its states, its notifications. */
final class EpayOrders {
    /** Of the gateway; whichever signs it has, our store takes it. */
    private static final Pattern THEIR_NUMBER = Pattern.compile("[!-~]{1,128}");

    private static final String PAID = "TRADE_SUCCESS";

    private EpayOrders() {}

    /** The fields of an order that every call to open one has, without the signature. */
    static SortedMap<String, String> fields(VkspayAccount account, PaymentRequest request) {
        var fields = new TreeMap<String, String>();
        request.other().forEach((name, value) -> fields.put(name, Fields.text(value)));
        fields.put("pid", account.mchId());
        fields.put("out_trade_no", request.attemptNo());
        fields.put("notify_url", request.notifyUrl().toString());
        fields.put("return_url", returnUrl(request));
        fields.put("name", VkspayTexts.NAME.shortened(request.subject()));
        fields.put("money", request.amount().yuan());
        return fields;
    }

    /** The protocol demands one; a caller without one gets the address of this server. */
    private static String returnUrl(PaymentRequest request) {
        return request.returnUrl()
                .orElseGet(() -> request.notifyUrl().resolve("/"))
                .toString();
    }

    /** The gateway wants one always; it only looks where payments come from. */
    static String clientIp(PaymentRequest request) {
        var known = request.payer().clientIp();
        return known.isEmpty() ? "127.0.0.1" : known;
    }

    /** Which page the gateway should answer with. */
    static String device(PaymentRequest request) {
        if (Prompts.scanned(request.payer().screen())) return "pc";
        var payType = request.payType();
        if (payType.equals(VkspayProvider.IN_WECHAT) || payType.equals(VkspayProvider.WECHAT_MINI_PROGRAM)) {
            return "wechat";
        }
        return payType.equals(VkspayProvider.ALIPAY_MINI_PROGRAM) ? "alipay" : "mobile";
    }

    // what a gateway hands out

    /**
     * The prompt for a reply that has one of these; the others are empty texts. A code that is an address can be opened
     * on the payer's own phone; any other code needs a second device.
     *
     * @throws ProviderFailure OUTCOME_UNKNOWN if it has none that can be used: the order exists at the gateway
     */
    static PaymentPrompt prompt(VkspayAccount account, Screen screen, String payurl, String qrcode, String urlscheme) {
        var page = Prompts.resolved(account.gateway(), payurl);
        var scheme = Optional.of(urlscheme).filter(Prompts::opens);
        var code = qrcode.startsWith("/") ? Prompts.resolved(account.gateway(), qrcode) : Optional.of(qrcode);
        code = code.filter(c -> !c.isBlank());
        if (Prompts.scanned(screen)) {
            return code.or(() -> page)
                    .or(() -> scheme)
                    .map(content -> Prompts.code(content, Optional.empty()))
                    .orElseThrow(EpayOrders::nothingToPayAt);
        }
        var opens = page.or(() -> scheme).or(() -> Optional.of(qrcode).filter(Prompts::isPage));
        if (opens.isPresent()) return Prompts.page(opens.get(), Optional.empty());
        return code.map(content -> Prompts.code(content, Optional.empty())).orElseThrow(EpayOrders::nothingToPayAt);
    }

    private static ProviderFailure nothingToPayAt() {
        return VkspayHttp.unusable("an answer without payurl, qrcode and urlscheme that can be used");
    }

    // states

    /**
     * What the reply to a query says.
     *
     * @throws ProviderFailure OUTCOME_UNKNOWN if it cannot be read, or is about another order
     */
    static ProviderReport report(
            AccountSettings settings, VkspayAccount account, AttemptRef attempt, JsonObject reply) {
        var attemptNo = attempt.attemptNo();
        requireOurs(account, attemptNo, reply);
        var state = Fields.text(reply, "status");
        return switch (state) {
            case "0" -> new ProviderReport.Unpaid(attemptNo, false, reply.toString());
            case "1", "3" -> paid(settings, attempt, reply, ProviderReport.WentBack.NOTHING); // 3: paid, then frozen
            case "2" -> paid(settings, attempt, reply, ProviderReport.WentBack.AT_LEAST_A_PART);
            case "4" -> new ProviderReport.Unpaid(attemptNo, true, reply.toString()); // the payer has authorised it
            default -> throw VkspayHttp.unusable("an order in the unknown state \"" + state + '"');
        };
    }

    static void requireOurs(VkspayAccount account, String attemptNo, JsonObject reply) {
        var number = Fields.text(reply, "out_trade_no");
        // the signed reply of version 2 to a call of ours need not repeat it
        var absent = number.isEmpty() && account.dialect() == Dialect.EPAY_V2;
        if (!absent && !number.equals(attemptNo)) throw VkspayHttp.unusable("an answer about another order");
        var pid = Fields.text(reply, "pid");
        if (!pid.isEmpty() && !pid.equals(account.mchId())) throw VkspayHttp.unusable("an answer for another pid");
    }

    private static ProviderReport paid(
            AccountSettings settings, AttemptRef attempt, JsonObject reply, ProviderReport.WentBack wentBack) {
        var money = Fields.text(reply, "money");
        var amount = Yuan.parse(money)
                .orElseThrow(() -> VkspayHttp.unusable("money is no whole number of fen: \"" + money + '"'));
        var buyer = Fields.text(reply, "buyer");
        return new ProviderReport.Paid(
                attempt.attemptNo(),
                VkspayAccount.merchantNo(settings),
                "",
                transactionId(attempt, reply),
                amount,
                null, // endtime has no zone, and is what the site's clock says: evidence only
                buyer.isEmpty() ? null : buyer,
                "",
                wentBack,
                reply.toString());
    }

    /**
     * The site's number. A reply without it is about the order to which the site gave this number before, when it was
     * made or notified; if it has never said one, our own number stands for it.
     */
    private static String transactionId(AttemptRef attempt, JsonObject reply) {
        var said = theirNumber(reply);
        if (!said.isEmpty()) return said;
        return attempt.providerNo().isEmpty() ? attempt.attemptNo() : attempt.providerNo();
    }

    /** The number that the site gave an order; an empty text if it does not say it. */
    static String theirNumber(JsonObject reply) {
        var theirs = Fields.text(reply, "trade_no");
        return THEIR_NUMBER.matcher(theirs).matches() ? theirs : "";
    }

    // notifications

    /**
     * The fields of a notification: in the query of a GET, or of some forks in a form.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if they cannot be read
     */
    static SortedMap<String, String> notification(RawNotification raw) {
        try {
            return Fields.ofForm(raw.body().length == 0 ? raw.rawQuery() : raw.text());
        } catch (IllegalArgumentException unreadable) {
            throw forged("it is not a form, or names a field twice");
        }
    }

    /**
     * A verified notification. It says that there is news; what is true, a query says (the order of truth of the
     * protocol), because its signature does not say for which time it holds, and V1's key travels in addresses. Of a
     * payment it is acknowledged once the query confirms it.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if it is for another merchant, or has no amount
     */
    static ParsedNotification news(VkspayAccount account, SortedMap<String, String> fields) {
        if (!account.mchId().equals(fields.get("pid"))) throw forged("it is for another pid");
        var number = fields.getOrDefault("out_trade_no", "");
        if (!VkspayProvider.NUMBER.matcher(number).matches()) throw forged("it has no out_trade_no of ours");
        if (Yuan.parse(fields.getOrDefault("money", "")).isEmpty()) throw forged("its money is no whole number of fen");
        var named = fields.getOrDefault("trade_no", "");
        var theirs = THEIR_NUMBER.matcher(named).matches() ? named : "";
        var state = fields.getOrDefault("trade_status", "");
        // a repetition has another timestamp, and so another signature
        var repeatKey = Digest.sha256(String.join("\n", number, named, state, fields.get("money")));
        return state.equals(PAID)
                ? ParsedNotification.hintOfPayment(repeatKey, state, number, theirs)
                : ParsedNotification.hint(repeatKey, state, number);
    }

    static ProviderFailure forged(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }
}
