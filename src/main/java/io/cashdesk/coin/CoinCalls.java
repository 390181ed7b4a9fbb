package io.cashdesk.coin;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.coin.CoinOperation.Kind;
import io.cashdesk.coin.CoinOperation.Wish;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.merchant.Authority;
import io.cashdesk.openid.Sessions;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Coins;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SessionKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The calls about coins of the merchant API, JSON in and out, for every resource that offers them. */
@ApplicationScoped
public class CoinCalls {
    private static final Set<String> CALLS =
            Set.of("queryUserBalance", "currencyPay", "cancelCurrencyPay", "presentCurrency");

    /** The longest number that still fits after "-" and four digits were added. */
    private static final int LONGEST_TO_MAKE_FROM = 27;

    /** How many numbers are looked at for one that no other cancellation has. */
    private static final int MOST_MADE = 50;

    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    Sessions sessions;

    @Inject
    CoinOperations operations;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    /** Whether there is a call of this name: "wxpayVirtual/currencyPay" for a provider with that folder. */
    public boolean has(String name) {
        return provider(name).isPresent() && CALLS.contains(call(name));
    }

    private Optional<PaymentProvider> provider(String name) {
        var end = name.indexOf('/');
        if (end < 0) return Optional.empty();
        var folder = name.substring(0, end);
        return providers.all().stream()
                .filter(p -> p instanceof Coins coins && coins.folder().equals(folder))
                .findFirst();
    }

    private static String call(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    /**
     * Carries a call out.
     *
     * @param name one that {@link #has}
     * @param callerAddress the user's, if the call names none
     * @throws Problem also SESSION_KEY, COIN_NUMBER_DIFFERS and COINS_UNKNOWN
     */
    public JsonObject of(Authority authority, String name, JsonBody body, String callerAddress) {
        var provider = provider(name).orElseThrow();
        var merchant = authority.secret().merchant(body.text("pid", 64).orElse(null));
        return switch (call(name)) {
            case "queryUserBalance" -> balance(at(authority, merchant, provider), body, callerAddress);
            case "currencyPay" -> pay(at(authority, merchant, provider), body, callerAddress);
            case "cancelCurrencyPay" -> cancel(at(authority, merchant, provider), body, callerAddress);
            default -> present(at(authority, merchant, provider), body, callerAddress);
        };
    }

    /** Where a call goes. */
    private record There(Authority authority, UUID merchant, PaymentProvider provider, AccountSettings account) {
        private Coins coins() {
            return (Coins) provider;
        }

        private Sessions.Owner owner(String openid) {
            return new Sessions.Owner(
                    merchant, authority.mode(), provider.identity(account).appId(), openid);
        }
    }

    private There at(Authority authority, UUID merchant, PaymentProvider provider) {
        var product = ((Coins) provider).coinProduct();
        var account = accounts.toPayThrough(merchant, authority.mode(), provider, product)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(
                        provider.name() + "." + provider.products().get(product).node()));
        return new There(authority, merchant, provider, account);
    }

    private JsonObject balance(There there, JsonBody body, String callerAddress) {
        var fields = new CoinFields(body, "sessionKey", "deviceType");
        fields.checkDevice();
        var user = user(there, fields, callerAddress);
        Coins.Balance balance;
        try {
            balance = calls.call(there.account(), () -> there.coins().queryUserBalance(there.account(), user));
        } catch (ProviderFailure failure) {
            throw problem(there, failure);
        }
        return ok().add("balance", balance.balance())
                .add("presentBalance", balance.presentBalance())
                .add("sumSave", balance.sumSave())
                .add("sumPresent", balance.sumPresent())
                .add("sumBalance", balance.sumBalance())
                .add("sumCost", balance.sumCost())
                .add("firstSaveFlag", balance.firstSaveFlag())
                .build();
    }

    private JsonObject pay(There there, JsonBody body, String callerAddress) {
        var fields = new CoinFields(body, "outTradeNo", "amount", "deviceType", "payitem", "remark", "sessionKey");
        fields.checkDevice();
        var number = fields.number(there.coins(), "outTradeNo");
        var amount = fields.amount();
        var items = fields.items(number, amount);
        var remark = fields.remark(number);
        var details = Json.createObjectBuilder().add("payitem", items).add("remark", remark);
        var wish = new Wish(
                Kind.PAY,
                number,
                number,
                false,
                fields.openid(there.coins()),
                amount,
                details.build().toString());
        var before = result(there, wish);
        if (before.isPresent()) return before.get();
        var user = user(there, fields, callerAddress);
        return carriedOut(there, wish, sentBefore -> {
            var left =
                    known(there, user, there.coins().currencyPay(there.account(), user, number, amount, items, remark));
            var answer = ok().add("outTradeNo", number).add("amount", amount);
            add(answer, "balance", left.balance());
            add(answer, "usedPresentAmount", left.usedPresent());
            return answer.build();
        });
    }

    private JsonObject cancel(There there, JsonBody body, String callerAddress) {
        var fields = new CoinFields(body, "outTradeNo", "outRefundNo", "amount", "deviceType", "sessionKey");
        fields.checkDevice();
        var spent = fields.number(there.coins(), "outTradeNo");
        var amount = fields.amount();
        var named = fields.optionalNumber(there.coins(), "outRefundNo");
        var openid = fields.openid(there.coins());
        var wish = named.map(no -> new Wish(Kind.CANCEL, no, spent, false, openid, amount, "{}"))
                .orElseGet(() -> numbered(there, spent, openid, amount));
        var before = result(there, wish);
        if (before.isPresent()) return before.get();
        var user = user(there, fields, callerAddress);
        var number = wish.number();
        return carriedOut(there, wish, sentBefore -> {
            there.coins().cancelCurrencyPay(there.account(), user, spent, number, amount, sentBefore);
            return ok().add("outTradeNo", spent)
                    .add("outRefundNo", number)
                    .add("amount", amount)
                    .build();
        });
    }

    /**
     * Follows from what is taken back, so that a repetition, also at the same moment, has the same number.
     *
     * @param n counts the numbers of the same spending
     */
    private static String made(String spent, String openid, long amount, int n) {
        if (spent.length() <= LONGEST_TO_MAKE_FROM) {
            var digest = Digest.sha256(String.join(" ", spent, openid, Long.toString(amount), Integer.toString(n)));
            return spent + '-' + (1_000 + Long.parseLong(digest.substring(0, 8), 16) % 9_000);
        }
        throw ProblemType.field(
                "outRefundNo",
                new LocalizedText(
                        "必填：outTradeNo 超过 " + LONGEST_TO_MAKE_FROM + " 位，无法自动生成退款单号",
                        "given, because outTradeNo has more than " + LONGEST_TO_MAKE_FROM
                                + " characters and no number can be made from it"),
                LocalizedText.ABSENT);
    }

    private Wish numbered(There there, String spent, String openid, long amount) {
        for (int n = 1; n < MOST_MADE; n++) {
            var wish = new Wish(Kind.CANCEL, made(spent, openid, amount, n), spent, true, openid, amount, "{}");
            if (operations.takes(there.merchant(), there.authority().mode(), wish)) return wish;
        }
        return new Wish(Kind.CANCEL, made(spent, openid, amount, MOST_MADE), spent, true, openid, amount, "{}");
    }

    private Optional<JsonObject> result(There there, Wish wish) {
        return operations
                .result(there.merchant(), there.authority().mode(), wish)
                .map(answer -> JsonBody.parseText("result", answer));
    }

    private JsonObject present(There there, JsonBody body, String callerAddress) {
        var fields = new CoinFields(body, "outTradeNo", "amount", "deviceType", "sessionKey");
        fields.checkDevice();
        var number = fields.number(there.coins(), "outTradeNo");
        var amount = fields.amount();
        var openid = fields.openid(there.coins());
        var session = fields.sessionKey().or(() -> sessions.of(there.owner(openid)));
        var user = new Coins.User(openid, fields.userIp(callerAddress), session);
        var wish = new Wish(Kind.PRESENT, number, number, false, openid, amount, "{}");
        return carriedOut(there, wish, sentBefore -> {
            var left = known(there, user, there.coins().presentCurrency(there.account(), user, number, amount));
            var answer = ok().add("outTradeNo", number).add("amount", amount);
            add(answer, "balance", left.balance());
            add(answer, "presentBalance", left.presentBalance());
            return answer.build();
        });
    }

    private Coins.User user(There there, CoinFields fields, String callerAddress) {
        var openid = fields.openid(there.coins());
        SessionKey session = fields.sessionKey().orElseGet(() -> sessions.required(there.owner(openid)));
        return new Coins.User(openid, fields.userIp(callerAddress), Optional.of(session));
    }

    /**
     * Stores the operation, calls the provider, and stores what came of it. One that is done is answered as before.
     *
     * @param adapter calls the provider and makes the answer; it is given whether an earlier call may have taken effect
     */
    private JsonObject carriedOut(There there, Wish wish, Function<Boolean, JsonObject> adapter) {
        var opened = operations.open(
                there.merchant(), there.authority().mode(), there.account().id(), wish);
        if (opened.result().isPresent())
            return JsonBody.parseText("result", opened.result().get());
        JsonObject answer;
        try {
            answer = calls.call(there.account(), () -> adapter.apply(opened.sentBefore()));
        } catch (ProviderFailure failure) {
            failures.log(there.account().id(), "coins under number " + wish.number(), failure);
            var unknown = failure.kind() == ProviderFailure.Kind.OUTCOME_UNKNOWN
                    || failure.kind() == ProviderFailure.Kind.NOT_AUTHENTIC;
            var why = (failure.providerCode() + " " + failure.getMessage()).strip();
            operations.finish(there.merchant(), opened.id(), (operation, now) -> {
                if (unknown) operation.unknown(why, now);
                else operation.refused(why, now);
            });
            throw unknown ? unknown(there, wish) : problem(there, failure);
        } catch (Problem busy) { // nothing was sent
            operations.finish(there.merchant(), opened.id(), (operation, now) -> operation.refused("busy", now));
            throw busy;
        }
        operations.finish(there.merchant(), opened.id(), (operation, now) -> operation.done(answer.toString(), now));
        return answer;
    }

    private static Problem unknown(There there, Wish wish) {
        return ProblemType.COINS_UNKNOWN
                .with(there.provider().name(), wish.number())
                .retryAfter(Duration.ofSeconds(5));
    }

    /** A session that the wallet does not accept is the same to a caller as one that we do not have. */
    private static Problem problem(There there, ProviderFailure failure) {
        var declined = failure.kind() == ProviderFailure.Kind.DECLINED;
        if (declined && there.coins().sessionRefused(failure.providerCode())) return ProblemType.SESSION_KEY.with();
        return ProviderCalls.problem(there.provider(), PaymentProvider.Call.COINS, failure);
    }

    /** What is left; queried if the provider said only that the same call had succeeded before. */
    private Coins.Left known(There there, Coins.User user, Coins.Left left) {
        if (left.balance().isPresent() || user.session().isEmpty()) return left;
        try {
            var balance = there.coins().queryUserBalance(there.account(), user);
            return new Coins.Left(
                    OptionalLong.of(balance.balance()), OptionalLong.of(balance.presentBalance()), left.usedPresent());
        } catch (ProviderFailure unanswered) { // the operation is done all the same
            failures.log(there.account().id(), "balance after a repeated call about coins", unanswered);
            return left;
        }
    }

    private static void add(JsonObjectBuilder answer, String name, OptionalLong value) {
        value.ifPresent(v -> answer.add(name, v));
    }

    private static JsonObjectBuilder ok() {
        return Json.createObjectBuilder().add("code", 0).add("msg", "ok");
    }
}
