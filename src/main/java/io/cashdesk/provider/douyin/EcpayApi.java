package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.DouyinHttp.unusable;
import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * 担保支付, the guaranteed payment ("ecpay v1"). Answers are not signed. There is no call that closes a payment: it ends by
 * its {@code valid_time}.
 */
@ApplicationScoped
class EcpayApi implements DouyinApi {
    /** A parameter is wrong. Douyin's tables name no code for a number that was used before; this one may mean it. */
    static final String BAD_PARAMETER = "2010";

    /** Likewise in the trade system: each says only that something in this call is wrong. */
    private static final Set<String> BAD_PARAMETERS = Set.of(BAD_PARAMETER, "10000", "2100005");

    private static final String NO_PAYMENT = "2000";
    private static final String NO_REFUND = "3101";

    /** Internal error, and busy: the call may have taken effect. */
    private static final Set<String> OUTCOME_UNKNOWN = Set.of("1000", "1001");

    /** Seconds: Douyin moves what is outside to the nearer end. */
    private static final long SHORTEST = 300;

    private static final long LONGEST = 172_800;

    private static final int HTTPS = 443;

    private static final OtherParameters RESERVED = new OtherParameters(Set.of(
            "app_id",
            "out_order_no",
            "total_amount",
            "subject",
            "valid_time",
            "sign",
            "notify_url",
            "thirdparty_id",
            "other_settle_params"));

    private static final LocalizedText VALUE =
            new LocalizedText("文本、整数、对象或列表", "a text, a whole number, an object or a list");

    @Inject
    ProviderTransport transport;

    @Inject
    Clock clock;

    @Override
    public void checkInput(AccountSettings settings, CallerInput input) {
        RESERVED.check(input.other());
        input.other().forEach((name, value) -> {
            if (sent(value).isEmpty()) throw OtherParameters.refusal("other." + name, VALUE, value);
        });
        DouyinTexts.checkOther(input.other());
    }

    /** As it is sent and signed: an object or a list as its JSON text; empty if it cannot be signed as it is sent. */
    private static Optional<JsonValue> sent(JsonValue value) {
        if (value instanceof JsonString) return Optional.of(value);
        if (value instanceof JsonNumber number) {
            return number.toString().matches("-?\\d{1,18}") ? Optional.of(value) : Optional.empty();
        }
        var structured = value instanceof JsonObject || value instanceof JsonArray;
        return structured ? Optional.of(Json.createValue(value.toString())) : Optional.empty();
    }

    // payments

    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var account = DouyinAccount.of(settings);
        var body = Json.createObjectBuilder();
        var subject = DouyinTexts.trimmed(request.subject());
        body.add("body", DouyinTexts.BODY.shortened(subject));
        request.other().forEach((name, value) -> sent(value).ifPresent(v -> body.add(name, v)));
        if (request.other().get("body") instanceof JsonString own) {
            body.add("body", DouyinTexts.BODY.shortened(DouyinTexts.trimmed(own.getString())));
        }
        body.add("out_order_no", request.attemptNo())
                .add("total_amount", request.amount().minor())
                .add("subject", DouyinTexts.SUBJECT.shortened(subject))
                .add("valid_time", validTime(request));
        addNotifyUrl(body, account, request.notifyUrl());
        var data = Members.object(call(account, "create_order", body), "data");
        var orderId = text(data, "order_id");
        var orderToken = text(data, "order_token");
        if (orderId.isEmpty() || orderToken.isEmpty()) throw unusable("an answer without order_id and order_token");
        var orderInfo = Json.createObjectBuilder()
                .add("order_id", orderId)
                .add("order_token", orderToken)
                .build();
        return new Created(new PaymentPrompt.CallWallet(orderId, orderInfo, Optional.empty()), orderId);
    }

    private long validTime(PaymentRequest request) {
        var left = request.expiresAt().getEpochSecond() - clock.instant().getEpochSecond();
        return Math.max(SHORTEST, Math.min(LONGEST, left));
    }

    /** The token is what it was: nothing in it is signed by us. */
    @Override
    public PaymentPrompt refresh(AccountSettings settings, PaymentPrompt.CallWallet prompt) {
        return prompt;
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var account = DouyinProvider.account(settings, attempt);
        var number = attempt.attemptNo();
        JsonObject answer;
        try {
            answer = call(account, "query_order", Json.createObjectBuilder().add("out_order_no", number));
        } catch (ProviderFailure failure) {
            if (failure.kind() != Kind.DECLINED) throw failure;
            if (failure.providerCode().equals(NO_PAYMENT)) {
                return new ProviderReport.Absent(number, evidence(failure));
            }
            // one code for every wrong parameter: it says nothing about the payment
            if (failure.providerCode().equals(BAD_PARAMETER)) {
                return new ProviderReport.Unclear(number, evidence(failure));
            }
            throw failure;
        }
        requireSame(answer, "out_order_no", number);
        if (!attempt.providerNo().isEmpty()) requireSame(answer, "order_id", attempt.providerNo());
        return report(account, number, answer);
    }

    /**
     * Only {@code TIMEOUT} says that a payment has ended. Whether a payer can pay once more after {@code FAIL} is not
     * documented, so that it stays open until it ends.
     */
    private static ProviderReport report(DouyinAccount account, String number, JsonObject answer) {
        var payment = Members.object(answer, "payment_info");
        var status = text(payment, "order_status");
        return switch (status) {
            case "SUCCESS" -> {
                var id = text(answer, "order_id");
                if (id.isEmpty()) throw unusable("a payment without order_id");
                yield new ProviderReport.Paid(
                        number,
                        account.merchantNo(),
                        account.appId(),
                        id,
                        Members.amount(payment, "total_fee")
                                .orElseThrow(() -> unusable("a payment whose total_fee is no amount")),
                        Members.chinaTime(payment, "pay_time"),
                        null,
                        "",
                        ProviderReport.WentBack.NOTHING,
                        ProviderReport.Details.payMethod(Members.wallet(payment, "way")),
                        answer.toString());
            }
            case "PROCESSING", "FAIL" -> new ProviderReport.Unpaid(number, false, answer.toString());
            case "TIMEOUT" -> new ProviderReport.Closed(number, answer.toString());
            default -> throw unusable("a payment with the unknown order_status \"" + status + '"');
        };
    }

    // refunds

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var account = DouyinProvider.account(settings, request.attempt());
        var reason = DouyinTexts.trimmed(request.reason());
        var body = Json.createObjectBuilder()
                .add("out_order_no", request.attempt().attemptNo())
                .add("out_refund_no", request.refundNo())
                .add("reason", DouyinTexts.REASON.shortened(reason.isEmpty() ? "退款" : reason))
                .add("refund_amount", request.amount().minor())
                .add("cp_extra", Extra.of(request.attempt().attemptNo()));
        addNotifyUrl(body, account, request.notifyUrl());
        return unlessKnown(
                () -> {
                    var answer = call(account, "create_refund", body);
                    return new RefundReport.Processing(
                            request.refundNo(), text(answer, "refund_no"), null, answer.toString());
                },
                () -> Optional.of(queryRefund(settings, request)).filter(r -> !(r instanceof RefundReport.Absent)));
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var account = DouyinProvider.account(settings, request.attempt());
        JsonObject answer;
        try {
            answer = call(account, "query_refund", Json.createObjectBuilder().add("out_refund_no", request.refundNo()));
        } catch (ProviderFailure failure) {
            if (!isAbsent(failure, NO_REFUND)) throw failure;
            return new RefundReport.Absent(request.refundNo(), evidence(failure));
        }
        var info = Members.object(answer, "refundInfo");
        return refund(
                request.refundNo(),
                text(info, "refund_no"),
                text(info, "refund_status"),
                Members.amount(info, "refund_amount").orElse(null),
                Members.time(info, "refunded_at"),
                answer.toString());
    }

    private static RefundReport refund(
            String number, String refundId, String status, Money amount, Instant at, String evidence) {
        return switch (status) {
            case "SUCCESS" -> new RefundReport.Succeeded(number, refundId, amount, null, at, evidence);
            case "PROCESSING" -> new RefundReport.Processing(number, refundId, null, evidence);
            case "FAIL" -> new RefundReport.Closed(number, refundId, evidence);
            default -> throw unusable("a refund with the unknown refund_status \"" + status + '"');
        };
    }

    /**
     * Douyin's tables name no code for a refund or settlement that it has already, so that a refusal of a repeated
     * request looks like any other. What was refused is looked up once; the refusal stands only if it is not there, or
     * if the look-up is refused for the same reason: a key, a permission.
     */
    static <R> R unlessKnown(Supplier<R> request, Supplier<Optional<R>> known) {
        try {
            return request.get();
        } catch (ProviderFailure refused) {
            if (refused.kind() != Kind.DECLINED) throw refused;
            Optional<R> found;
            try {
                found = known.get();
            } catch (ProviderFailure unanswered) {
                if (unanswered.kind() == Kind.DECLINED && sameReason(refused, unanswered)) throw refused;
                throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, refused.providerCode(), refused.getMessage());
            }
            return found.orElseThrow(() -> refused);
        }
    }

    private static boolean sameReason(ProviderFailure refused, ProviderFailure unanswered) {
        return refused.providerCode().equals(unanswered.providerCode())
                && !BAD_PARAMETERS.contains(refused.providerCode());
    }

    @Override
    public void decide(AccountSettings settings, AttemptRef attempt, String refundId, boolean accepted, String reason) {
        throw new ProviderFailure(
                Kind.DECLINED,
                "dialect",
                "nothing was sent: in the guaranteed payment (ecpay) payers cannot request refunds");
    }

    // settlement

    /** Without {@code settle_params}: nothing goes to other parties. */
    @Override
    public SettlementReport settle(AccountSettings settings, SettlementRequest request) {
        var account = DouyinProvider.account(settings, request.attempt());
        var body = Json.createObjectBuilder()
                .add("out_settle_no", request.settlementNo())
                .add("out_order_no", request.attempt().attemptNo())
                .add("settle_desc", account.settleDescription())
                .add("finish", "true");
        addNotifyUrl(body, account, request.notifyUrl());
        return unlessKnown(
                () -> {
                    var answer = call(account, "settle", body);
                    return new SettlementReport.Processing(
                            request.settlementNo(), text(answer, "settle_no"), answer.toString());
                },
                () -> Optional.of(querySettlement(settings, request))
                        .filter(r -> !(r instanceof SettlementReport.Absent)));
    }

    @Override
    public SettlementReport querySettlement(AccountSettings settings, SettlementRequest request) {
        var account = DouyinProvider.account(settings, request.attempt());
        JsonObject answer;
        try {
            answer = call(
                    account, "query_settle", Json.createObjectBuilder().add("out_settle_no", request.settlementNo()));
        } catch (ProviderFailure failure) {
            if (!isAbsent(failure, NO_PAYMENT, NO_REFUND)) throw failure;
            return new SettlementReport.Absent(request.settlementNo(), evidence(failure));
        }
        var info = Members.object(answer, "settle_info");
        return DouyinSettlements.report(
                request.settlementNo(),
                text(info, "settle_no"),
                text(info, "settle_status"),
                info,
                Members.time(info, "settled_at"),
                text(info, "msg"),
                answer.toString());
    }

    /** What Douyin has settled by itself: what is not unsettled any more. */
    @Override
    public List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings settings, SettlementRequest request) {
        var account = DouyinProvider.account(settings, request.attempt());
        var answer = call(
                account,
                "unsettle_amount",
                Json.createObjectBuilder().add("out_order_no", request.attempt().attemptNo()));
        var unsettled = Members.whole(answer, "unsettle_amount")
                .or(() -> Members.whole(Members.object(answer, "data"), "unsettle_amount"));
        var gone = request.amount().minor() - unsettled.orElse(request.amount().minor());
        return gone <= 0
                ? List.of()
                : List.of(new SettlementReport.Succeeded(
                        "", "unsettle_amount:" + unsettled.get(), Money.fen(gone), null, answer.toString()));
    }

    // the wire

    /** Douyin takes https addresses with the usual port only; without one it notifies the address in its console. */
    static void addNotifyUrl(JsonObjectBuilder body, DouyinAccount account, URI address) {
        var usable = "https".equals(address.getScheme())
                && (address.getPort() == -1 || address.getPort() == HTTPS)
                && DouyinTexts.NOTIFY_URL.holds(address.toString());
        if (usable || !account.behindTls()) body.add("notify_url", address.toString());
    }

    /** @throws ProviderFailure with Douyin's {@code err_no}, if it is not 0 */
    private JsonObject call(DouyinAccount account, String name, JsonObjectBuilder members) {
        var body = members.add("app_id", account.appId()).build();
        var signed = Json.createObjectBuilder(body)
                .add("sign", EcpaySignature.sign(body, account.salt()))
                .build();
        var answer =
                DouyinHttp.post(transport.client(), account.gateway() + "/api/apps/ecpay/v1/" + name, Map.of(), signed);
        var code = text(answer, "err_no");
        if (code.isEmpty()) throw unusable("an answer without err_no");
        if (code.equals("0")) return answer;
        throw new ProviderFailure(
                OUTCOME_UNKNOWN.contains(code) ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, code, text(answer, "err_tips"));
    }

    /** Only a code proves it: words may say of anything, of a key or a shop too, that it does not exist. */
    private static boolean isAbsent(ProviderFailure failure, String... codes) {
        return failure.kind() == Kind.DECLINED && Set.of(codes).contains(failure.providerCode());
    }

    private static String evidence(ProviderFailure failure) {
        return Json.createObjectBuilder()
                .add("err_no", failure.providerCode())
                .add("err_tips", String.valueOf(failure.getMessage()))
                .build()
                .toString();
    }

    private static void requireSame(JsonObject answer, String name, String ours) {
        var other = text(answer, name);
        if (!other.isEmpty() && !other.equals(ours)) throw unusable("an answer about another " + name);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        return EcpayCallbacks.read(DouyinAccount.of(settings), raw);
    }
}
