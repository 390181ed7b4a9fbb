package io.cashdesk.openid;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Logins;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Turns a code that a wallet gave to a client into the payer's openid. */
@ApplicationScoped
public class ExchangeCode {
    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    Clock clock;

    @Inject
    Sessions sessions;

    /** {@code getOpenid}: provider, code, and the platform whose application the payer is known to. */
    public JsonObject getOpenid(Authority authority, JsonBody body) {
        body.only("provider", "code", "platform", "pid");
        var name = body.text("provider", 32)
                .filter(p -> !p.isBlank())
                .orElseThrow(() -> ProblemType.PROVIDER.with(body.shown("provider")));
        var platform = body.text("platform", 32);
        var merchant = merchant(authority, body);
        var code = code(body);
        var provider = providers.named(name);
        if (!(provider instanceof Logins logins)) throw noOpenid(name);
        var payType = platform.map(p -> new PayType(provider.name(), p)).orElseGet(logins::defaultLogin);
        return answer(authority, merchant, payType, code);
    }

    /**
     * {@code code2Session…}, whose name says provider and platform.
     *
     * @param wallet the part of the name after {@code code2Session}: "Weixin"
     */
    public JsonObject codeToSession(Authority authority, JsonBody body, String wallet) {
        body.only("code", "pid");
        var merchant = merchant(authority, body);
        var all = sessions(wallet).toList();
        var payType = all.stream()
                .filter(p -> accounts.configured(
                        merchant, authority.mode(), providers.named(p.provider().value()), p))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> new IllegalArgumentException("there is no call code2Session" + wallet));
        return answer(authority, merchant, payType, code(body));
    }

    /** Whether there is a call of this name. */
    public boolean hasSession(String wallet) {
        return sessions(wallet).findAny().isPresent();
    }

    /** The products whose codes these are: several, where several pay through one application. */
    private Stream<PayType> sessions(String wallet) {
        return providers.all().stream()
                .filter(Logins.class::isInstance)
                .flatMap(p -> Optional.ofNullable(((Logins) p).sessionCalls().get(wallet)).stream());
    }

    private static UUID merchant(Authority authority, JsonBody body) {
        return authority.merchant(body.text("pid", 64).orElse(null));
    }

    private static String code(JsonBody body) {
        return body.text("code", 256)
                .filter(c -> !c.isBlank())
                .orElseThrow(() -> ProblemType.CODE.with(body.shown("code")));
    }

    private static Problem noOpenid(Object where) {
        return ProblemType.notSupported(
                LocalizedText.named(where.toString()),
                new LocalizedText("该平台没有 openid", "there is no openid on this platform"));
    }

    private JsonObject answer(Authority authority, UUID merchant, PayType payType, String code) {
        var provider = providers.named(payType.provider().value());
        if (!provider.products().containsKey(payType)) throw noOpenid(payType);
        var account = accounts.toPayThrough(merchant, authority.mode(), provider, payType)
                .orElseThrow(
                        () -> ProblemType.PROVIDER_NOT_CONFIGURED.with(payType.provider() + "." + payType.product()));
        var begun = clock.instant();
        var openid = exchange(provider, account, payType, code);
        var appId = provider.identity(account).appId();
        openid.session().ifPresent(key -> {
            var owner = new Sessions.Owner(merchant, authority.mode(), appId, openid.openid());
            sessions.keep(owner, key, begun);
        });
        var answer = Json.createObjectBuilder().add("code", 0).add("msg", "ok").add("openid", openid.openid());
        openid.unionid().ifPresent(id -> answer.add("unionid", id));
        return answer.build();
    }

    private Openid exchange(PaymentProvider provider, AccountSettings account, PayType payType, String code) {
        try {
            return calls.call(account, () -> ((Logins) provider).openid(account, payType, code));
        } catch (ProviderFailure e) {
            throw ProviderCalls.problem(provider, PaymentProvider.Call.OPENID, e);
        }
    }

    /** Where a page sends the payer's browser to learn who pays; empty if this merchant has no such account. */
    public Optional<URI> authorize(UUID merchant, Mode mode, PayType payType, URI backTo, String state) {
        var provider = providers.named(payType.provider().value());
        if (!(provider instanceof Logins logins)) return Optional.empty();
        return accounts.toPayThrough(merchant, mode, provider, payType).map(a -> logins.authorize(a, backTo, state));
    }

    /** The query parameter in which this product's wallet sends the browser back with a code. */
    public String codeParameter(PayType payType) {
        return ((Logins) providers.named(payType.provider().value())).codeParameter();
    }

    /** Who the payer is, by the code that came back. */
    public Openid of(UUID merchant, Mode mode, PayType payType, String code) {
        var provider = providers.named(payType.provider().value());
        var account = accounts.toPayThrough(merchant, mode, provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(payType));
        return exchange(provider, account, payType, code);
    }
}
