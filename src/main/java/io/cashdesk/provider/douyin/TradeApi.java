package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.DouyinHttp.unusable;
import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Creates.Created;
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
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * 通用交易系统, the general trade system. The mini-program itself requests an order with what is signed here, so that
 * {@code create} makes no call; everything else goes through the OpenAPI with an access token.
 */
@ApplicationScoped
class TradeApi implements DouyinApi {
    private static final String NO_ORDER = "20000";

    private static final SecureRandom RANDOM = new SecureRandom();

    @Inject
    ProviderTransport transport;

    @Inject
    AccessTokens tokens;

    @Inject
    Clock clock;

    private TradeClient client(AccountSettings settings, AttemptRef attempt) {
        return new TradeClient(settings, DouyinProvider.account(settings, attempt), transport.client(), tokens);
    }

    @Override
    public void checkInput(AccountSettings settings, CallerInput input) {
        TradeOrder.check(DouyinAccount.of(settings).requestOrder(), input.other(), input.amount());
    }

    // payments

    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var account = DouyinAccount.of(settings);
        var data =
                TradeOrder.data(account.requestOrder(), request, clock.instant().getEpochSecond());
        if (!TradeOrder.addsUp(Members.parsed(data).orElseThrow())) {
            throw new ProviderFailure(
                    Kind.DECLINED, "skuList", "nothing was signed: price times quantity is not the amount");
        }
        return Created.of(prompt(account, request.attemptNo(), data));
    }

    /** The same order, signed again: with another {@code data} Douyin would see another order with its number. */
    @Override
    public PaymentPrompt refresh(AccountSettings settings, PaymentPrompt.CallWallet prompt) {
        var data = text(prompt.orderInfo().asJsonObject(), "data");
        return data.isEmpty() ? prompt : prompt(DouyinAccount.of(settings), prompt.handle(), data);
    }

    private PaymentPrompt.CallWallet prompt(DouyinAccount account, String number, String data) {
        var keys = account.keys().orElseThrow();
        var timestamp = clock.instant().getEpochSecond();
        var nonce = nonce();
        var signature = TradeSignature.ofOrder(keys.own(), timestamp, nonce, data);
        var orderInfo = Json.createObjectBuilder()
                .add("data", data)
                .add(
                        "byteAuthorization",
                        TradeSignature.authorization(account.appId(), keys.version(), timestamp, nonce, signature))
                .build();
        return new PaymentPrompt.CallWallet(number, orderInfo, Optional.empty());
    }

    private static String nonce() {
        var bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var client = client(settings, attempt);
        var number = attempt.attemptNo();
        JsonObject order;
        try {
            order = order(client, number);
        } catch (ProviderFailure failure) {
            if (!isAbsent(failure)) throw failure;
            return new ProviderReport.Absent(number, evidence(failure));
        }
        var evidence = order.toString();
        var status = text(order, "pay_status");
        return switch (status) {
            case "SUCCESS" ->
                new ProviderReport.Paid(
                        number,
                        TradeCallbacks.merchantNo(client.account(), order),
                        client.account().appId(),
                        requiredOrderId(order),
                        Members.amount(order, "total_amount")
                                .orElseThrow(() -> unusable("a payment whose total_amount is no amount")),
                        Members.time(order, "pay_time"),
                        null,
                        "",
                        ProviderReport.WentBack.NOTHING,
                        ProviderReport.Details.payMethod(Members.wallet(order, "pay_channel")),
                        evidence);
            // as in ecpay: only TIMEOUT says that it has ended
            case "PROCESS", "FAIL" -> new ProviderReport.Unpaid(number, false, evidence);
            case "TIMEOUT" -> new ProviderReport.Closed(number, evidence);
            default -> throw unusable("an order with the unknown pay_status \"" + status + '"');
        };
    }

    /** The order of this number of ours. */
    private static JsonObject order(TradeClient client, String number) {
        var answer = client.call("order_query", Json.createObjectBuilder().add("out_order_no", number));
        var order = Members.object(answer, "data");
        if (!text(order, "out_order_no").equals(number)) throw unusable("an answer about another order");
        return order;
    }

    private static String requiredOrderId(JsonObject order) {
        var id = text(order, "order_id");
        if (id.isEmpty()) throw unusable("an order without order_id");
        return id;
    }

    // refunds

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var client = client(settings, request.attempt());
        var plan = TradeRefunds.plan(
                client, request, () -> order(client, request.attempt().attemptNo()));
        if (plan.known().isPresent()) return plan.known().get();
        var reason = DouyinTexts.trimmed(request.reason());
        var body = Json.createObjectBuilder()
                .add("order_id", plan.orderId())
                .add("out_refund_no", request.refundNo())
                .add("notify_url", request.notifyUrl().toString())
                .add(
                        "refund_reason",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("code", TradeRefunds.OTHER_REASON)
                                        .add(
                                                "text",
                                                DouyinTexts.REFUND_TEXT.shortened(reason.isEmpty() ? "退款" : reason))))
                .add("cp_extra", Extra.of(request.attempt().attemptNo()));
        if (plan.items().isEmpty()) body.add("refund_all", true);
        else body.add("refund_total_amount", request.amount().minor()).add("item_order_detail", plan.items());
        var schema = TradeOrder.entrySchema(client.account().requestOrder());
        if (!schema.isEmpty()) body.add("order_entry_schema", schema);
        var built = body.build();
        return EcpayApi.unlessKnown(
                () -> {
                    var answer = client.call("refund_create", Json.createObjectBuilder(built));
                    return new RefundReport.Processing(
                            request.refundNo(),
                            text(Members.object(answer, "data"), "refund_id"),
                            null,
                            answer.toString());
                },
                () -> Optional.of(queryRefund(settings, request)).filter(r -> !(r instanceof RefundReport.Absent)));
    }

    /** By our number; a refund that a payer has requested at Douyin has none, and carries Douyin's number here. */
    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var client = client(settings, request.attempt());
        var number = request.refundNo();
        var found = number.equals(request.refundId())
                ? TradeRefunds.find(client, "refund_id", number)
                : TradeRefunds.find(client, "out_refund_no", number)
                        .or(() -> TradeRefunds.find(client, "refund_id", number));
        return found.map(refund -> TradeRefunds.report(request.refundNo(), refund))
                .orElseGet(() -> new RefundReport.Absent(request.refundNo(), "{\"refund_list\":[]}"));
    }

    /** A decision that was made before, in the same way, is no error. */
    @Override
    public void decide(AccountSettings settings, AttemptRef attempt, String refundId, boolean accepted, String reason) {
        var client = client(settings, attempt);
        var body = Json.createObjectBuilder().add("refund_id", refundId).add("refund_audit_status", accepted ? 1 : 2);
        if (!accepted) body.add("deny_message", DouyinTexts.DENY_MESSAGE.shortened(DouyinTexts.trimmed(reason)));
        EcpayApi.unlessKnown(
                () -> client.call("refund_audit_callback", body),
                () -> TradeRefunds.find(client, "refund_id", refundId)
                        .filter(refund -> TradeRefunds.wasDecided(refund, accepted)));
    }

    // settlement

    @Override
    public SettlementReport settle(AccountSettings settings, SettlementRequest request) {
        var client = client(settings, request.attempt());
        var body = Json.createObjectBuilder()
                .add("out_settle_no", request.settlementNo())
                .add("out_order_no", request.attempt().attemptNo())
                .add("settle_desc", client.account().settleDescription())
                .add("notify_url", request.notifyUrl().toString());
        return EcpayApi.unlessKnown(
                () -> {
                    var answer = client.call("settle_create", body);
                    return new SettlementReport.Processing(
                            request.settlementNo(),
                            text(Members.object(answer, "data"), "settle_id"),
                            answer.toString());
                },
                () -> Optional.of(querySettlement(settings, request))
                        .filter(r -> !(r instanceof SettlementReport.Absent)));
    }

    @Override
    public SettlementReport querySettlement(AccountSettings settings, SettlementRequest request) {
        var client = client(settings, request.attempt());
        JsonObject answer;
        try {
            answer = client.call(
                    "settle_query", Json.createObjectBuilder().add("out_settle_no", request.settlementNo()));
        } catch (ProviderFailure failure) {
            if (!isAbsent(failure)) throw failure;
            return new SettlementReport.Absent(request.settlementNo(), evidence(failure));
        }
        var found = Members.objects(list(answer.get("data"))).stream()
                .filter(s -> text(s, "out_settle_no").equals(request.settlementNo()))
                .findFirst();
        if (found.isEmpty()) return new SettlementReport.Absent(request.settlementNo(), answer.toString());
        var settlement = found.get();
        return DouyinSettlements.report(
                request.settlementNo(),
                text(settlement, "settle_id"),
                text(settlement, "settle_status"),
                settlement,
                DouyinSettlements.time(settlement),
                text(settlement, "message"),
                settlement.toString());
    }

    @Override
    public List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings settings, SettlementRequest request) {
        var client = client(settings, request.attempt());
        JsonObject answer;
        try {
            answer = client.call(
                    "settle_query",
                    Json.createObjectBuilder()
                            .add("out_order_no", request.attempt().attemptNo()));
        } catch (ProviderFailure failure) {
            if (!isAbsent(failure)) throw failure;
            return List.of();
        }
        return Members.objects(list(answer.get("data"))).stream()
                .filter(s -> text(s, "out_order_no").equals(request.attempt().attemptNo())
                        || text(s, "order_id").equals(request.transactionId()))
                .filter(s -> text(s, "settle_status").equals("SUCCESS")
                        && !text(s, "out_settle_no").equals(request.settlementNo()))
                .map(s -> (SettlementReport.Succeeded) DouyinSettlements.report(
                        text(s, "out_settle_no"),
                        text(s, "settle_id"),
                        "SUCCESS",
                        s,
                        DouyinSettlements.time(s),
                        "",
                        s.toString()))
                .filter(s -> s.amount() != null)
                .toList();
    }

    /** The list itself, or an object that has it. */
    private static JsonValue list(JsonValue data) {
        return data instanceof JsonObject object ? object.get("settle_list") : data;
    }

    // failures

    /** Only the code proves it: words may say of anything that it does not exist. */
    static boolean isAbsent(ProviderFailure failure) {
        return failure.kind() == Kind.DECLINED && failure.providerCode().equals(NO_ORDER);
    }

    private static String evidence(ProviderFailure failure) {
        return Json.createObjectBuilder()
                .add("err_no", failure.providerCode())
                .add("err_msg", String.valueOf(failure.getMessage()))
                .build()
                .toString();
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        return TradeCallbacks.read(DouyinAccount.of(settings), raw);
    }
}
