package io.cashdesk.openid;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Turns a code that a wallet gave to a client into the payer's openid. */
@ApplicationScoped
public class ExchangeCode {
    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    /** {@code getOpenid}: provider, code, and the platform whose application the payer is known to. */
    public JsonObject getOpenid(Authority authority, JsonBody body) {
        body.only("provider", "code", "platform", "pid");
        var provider = body.text("provider", 32)
                .filter(p -> !p.isBlank())
                .orElseThrow(() -> ProblemType.PROVIDER.with(body.shown("provider")));
        return answer(authority, body, provider, body.text("platform", 32).orElse("mp-" + wallet(provider)));
    }

    /** {@code code2Session…}, which name provider and platform themselves. */
    public JsonObject codeToSession(Authority authority, JsonBody body, String provider, String platform) {
        body.only("code", "pid");
        return answer(authority, body, provider, platform);
    }

    private static String wallet(String provider) {
        return provider.equals("wxpay") ? "weixin" : provider;
    }

    private JsonObject answer(Authority authority, JsonBody body, String providerName, String platform) {
        var merchant = authority.merchant(body.text("pid", 64).orElse(null));
        var code = body.text("code", 256)
                .filter(c -> !c.isBlank())
                .orElseThrow(() -> ProblemType.CODE.with(body.shown("code")));
        var provider = providers.named(providerName);
        var payType = providerName + "_" + platform;
        if (!(provider instanceof PaymentProvider.KnowsPayers)
                || !provider.payTypes().contains(payType)) {
            throw ProblemType.NOT_SUPPORTED.with(payType, "there is no openid on this platform");
        }
        var account = accounts.toPayThrough(merchant, authority.mode(), provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(providerName + "." + platform));
        var openid = ask(provider, account, payType, code);
        var answer = Json.createObjectBuilder().add("code", 0).add("msg", "ok").add("openid", openid.openid());
        openid.unionid().ifPresent(id -> answer.add("unionid", id));
        return answer.build();
    }

    private Openid ask(PaymentProvider provider, AccountSettings account, String payType, String code) {
        try {
            return calls.call(account, () -> ((PaymentProvider.KnowsPayers) provider).openid(account, payType, code));
        } catch (ProviderFailure e) {
            throw switch (e.kind()) {
                case DECLINED -> ProviderError.problem(provider, PaymentProvider.Call.OPENID, e);
                case UNREACHABLE ->
                    ProblemType.PROVIDER_UNREACHABLE.with(provider.name()).retryAfter(Duration.ofSeconds(3));
                case OUTCOME_UNKNOWN, NOT_AUTHENTIC ->
                    ProblemType.PROVIDER_FAILED.with(provider.name(), e.getMessage());
            };
        }
    }

    /** Where a page sends the payer's browser to learn who he is; empty if this merchant has no such account. */
    public Optional<URI> authorize(UUID merchant, Mode mode, String payType, URI backTo, String state) {
        var provider = providers.named(payType.substring(0, payType.indexOf('_')));
        if (!(provider instanceof PaymentProvider.KnowsPayers knows)) return Optional.empty();
        return accounts.toPayThrough(merchant, mode, provider, payType).map(a -> knows.authorize(a, backTo, state));
    }

    /** What the code that came back means. */
    public Openid of(UUID merchant, Mode mode, String payType, String code) {
        var provider = providers.named(payType.substring(0, payType.indexOf('_')));
        var account = accounts.toPayThrough(merchant, mode, provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(payType));
        return ask(provider, account, payType, code);
    }
}
