package io.cashdesk.account;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TestAccounts;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * All accounts at providers. A live merchant's are put by the management API; in test mode the simulator opens one for
 * every merchant on the spot. Only here are secrets unsealed, and only into {@link AccountSettings}, for an adapter's
 * eyes.
 */
@ApplicationScoped
public class Accounts {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Providers providers;

    @Inject
    TestAccounts testAccounts;

    @Inject
    Merchants merchants;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    AccountRests rests;

    @Inject
    Event<AccountChanged> changes;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** An account, opened, and whose it is. */
    public record Opened(AccountSettings settings, UUID merchantId, Mode mode) {}

    /**
     * A merchant's account at a simulated provider.
     *
     * @param nodes the nodes that are paid through it in test mode: all of them
     * @param identifiers its numbers and its payers, as docs/api.md describes them
     */
    public record TestAccount(String provider, List<String> nodes, JsonObject identifiers) {}

    /** A configured node as it may be shown: never a secret, a fingerprint of all values instead. */
    public record Shown(UUID id, String provider, String node, String fingerprint) {
        /** As {@code provider.node}, or the provider's name alone where it has no nodes. */
        public String name() {
            return Configuration.nameOf(provider, node);
        }
    }

    /** The account of this id, of whichever merchant, even if it was removed since: for notify addresses. */
    public Optional<Opened> byId(UUID id) {
        return entities.createQuery("select a from ProviderAccount a where a.id = :id", ProviderAccount.class)
                .setParameter("id", id)
                .getResultStream()
                .findFirst()
                .map(this::opened);
    }

    /**
     * An account of this merchant, even if it was removed since: for attempts and refunds that were made through it.
     */
    public Optional<Opened> of(UUID merchantId, UUID id) {
        return MerchantRows.find(entities, ProviderAccount.class, merchantId, id)
                .map(this::opened);
    }

    private Opened opened(ProviderAccount account) {
        return new Opened(open(account), account.merchantId(), account.mode());
    }

    /** The attempt at its provider, through the account by which it was made, as that is configured now. */
    public AttemptAtProvider atProvider(Attempt attempt) {
        var account =
                of(attempt.merchantId(), attempt.accountId()).orElseThrow().settings();
        var request = attempt.request();
        var sub = request.sub();
        return new AttemptAtProvider(
                attempt.key(),
                providers.named(attempt.provider()),
                account,
                new AttemptRef(
                        PayType.of(attempt.payType()),
                        attempt.attemptNo(),
                        new SubMerchant(sub.mchId(), sub.appId(), token(attempt, sub.sealedToken())),
                        attempt.providerNo().orElse(""),
                        request.payer().openid(),
                        request.environment()));
    }

    private String token(Attempt attempt, String sealed) {
        return sealed.isEmpty() ? "" : vault.open(sealed, AttemptRequest.place(attempt.orderKey()));
    }

    /** The account through which this merchant is paid with this product; in test mode made on the spot. */
    public Optional<AccountSettings> toPayThrough(
            UUID merchantId, Mode mode, PaymentProvider provider, PayType payType) {
        var node = provider.products().get(payType).node();
        var found = find(merchantId, mode, provider.name().value(), node);
        if (found.isPresent()) return found.map(this::open);
        return mode == Mode.TEST ? Optional.of(open(openTestAccount(merchantId, provider, node))) : Optional.empty();
    }

    /** The same without making anything. */
    public Optional<AccountSettings> existing(UUID merchantId, Mode mode, PaymentProvider provider, PayType payType) {
        var node = provider.products().get(payType).node();
        return find(merchantId, mode, provider.name().value(), node).map(this::open);
    }

    /** Whether this merchant can be paid with this product, without making anything. */
    public boolean configured(UUID merchantId, Mode mode, PaymentProvider provider, PayType payType) {
        return mode == Mode.TEST
                || find(
                                merchantId,
                                mode,
                                provider.name().value(),
                                provider.products().get(payType).node())
                        .isPresent();
    }

    /** Puts a live node; within a transaction. Everything that can be known to be wrong is refused by name. */
    public void put(UUID merchantId, String providerName, String node, JsonObject values) {
        var provider = providers.named(providerName);
        var opened = new AccountSettings(Ids.next(), 0, provider.name(), node, values, gateway(provider, node, values));
        provider.configuration()
                .addresses()
                .forEach(key -> address(Configuration.nameOf(providerName, node), key, values));
        try {
            provider.check(opened);
        } catch (WrongNodeValue e) {
            var sentence = new LocalizedText(
                    scrubbed(provider, values, e.sentence().zh()),
                    scrubbed(provider, values, e.sentence().en()));
            throw ProblemType.ACCOUNT.with(Configuration.nameOf(providerName, node), sentence);
        } catch (IllegalArgumentException e) {
            var words = scrubbed(provider, values, String.valueOf(e.getMessage()));
            throw ProblemType.ACCOUNT.with(Configuration.nameOf(providerName, node), unusable(values.keySet(), words));
        }
        keep(merchantId, providerName, node, provider.identity(opened), values);
    }

    /**
     * New settings of the same merchant number and application are the same account, with the same id. Another number
     * or application is another account: attempts made through the old one stay its own.
     */
    private void keep(UUID merchantId, String provider, String node, Identity identity, JsonObject values) {
        var now = clock.instant();
        var ever = all(merchantId, Mode.LIVE, provider, node);
        var same = ever.stream().filter(a -> a.is(identity)).findFirst();
        ever.stream().filter(a -> a.enabled() && !a.is(identity)).forEach(a -> a.remove(now));
        entities.flush(); // the schema allows one in use, and has to see the old one go before the new one comes
        var account = same.orElseGet(() -> new ProviderAccount(merchantId, Mode.LIVE, provider, node, now));
        settle(account, identity, values);
        if (same.isEmpty()) entities.persist(account);
        else {
            rests.wake(merchantId, account.id());
            changes.fire(new AccountChanged(merchantId, account.id()));
        }
    }

    /**
     * The sentence about a value that an adapter refused without a text in both languages. It names the keys that the
     * adapter names or, if it names none, all of the node.
     *
     * @param words of the adapter, in English
     */
    static LocalizedText unusable(Collection<String> keys, String words) {
        var named = keys.stream()
                .filter(key -> Pattern.compile("\\b" + Pattern.quote(key) + "\\b")
                        .matcher(words)
                        .find())
                .toList();
        var shown = named.isEmpty() ? keys : named;
        return new LocalizedText(
                "配置项 " + String.join("、", shown) + (named.isEmpty() ? " 中有" : " 的") + "值无法使用，请核对",
                "a value of " + String.join(", ", shown) + " cannot be used: " + words);
    }

    /** Adapters must not repeat secrets; if one does, the secret is removed here. */
    private static String scrubbed(PaymentProvider provider, JsonObject values, String sentence) {
        var clean = sentence;
        for (var key : provider.configuration().secrets()) {
            if (values.get(key) instanceof JsonString secret
                    && !secret.getString().isBlank()) {
                clean = clean.replace(secret.getString(), "…");
            }
        }
        return clean;
    }

    /** Removes a live node, or (node null) all of a provider's; within a transaction. */
    public void remove(UUID merchantId, String providerName, String node) {
        for (var account : of(merchantId)) {
            if (account.provider().equals(providerName)
                    && (node == null || account.node().equals(node))) {
                account.remove(clock.instant());
            }
        }
    }

    /** The live nodes of this merchant that are in use, sorted by name. */
    public List<Shown> shown(UUID merchantId) {
        var shown = new ArrayList<Shown>();
        for (var a : of(merchantId))
            if (a.enabled()) shown.add(new Shown(a.id(), a.provider(), a.node(), a.fingerprint()));
        return shown;
    }

    private List<ProviderAccount> of(UUID merchantId) {
        return entities.createQuery("""
                select a
                from ProviderAccount a
                where a.merchantId = :merchant and a.mode = :live
                order by a.provider, a.node
                """, ProviderAccount.class)
                .setParameter("merchant", merchantId)
                .setParameter("live", Mode.LIVE)
                .getResultList();
    }

    private ProviderAccount openTestAccount(UUID merchantId, PaymentProvider provider, String node) {
        transactions.refuseOpenTransaction("opening a test account");
        var holder = holder(merchantId);
        var values = testAccounts.open(holder, provider.name(), node);
        return transactions.inNew(
                () -> { // run again, if another caller opens the same one at the same moment
                    var there = find(merchantId, Mode.TEST, provider.name().value(), node);
                    if (there.isPresent()) return there.get();
                    var account = new ProviderAccount(
                            merchantId, Mode.TEST, provider.name().value(), node, clock.instant());
                    var opened = new AccountSettings(
                            account.id(), 0, provider.name(), node, values, testAccounts.gateway(provider.name()));
                    settle(account, provider.identity(opened), values);
                    entities.persist(account);
                    testAccounts.notifyAt(holder, provider.name(), notifyAddress(account));
                    return account;
                });
    }

    /** Where the provider sends notifications of this account that name no payment. */
    private URI notifyAddress(ProviderAccount account) {
        return URI.create(settings.baseUrl() + "/notify/" + account.provider() + "/" + account.id());
    }

    private TestAccounts.Holder holder(UUID merchantId) {
        return new TestAccounts.Holder(merchantId, merchants.byId(merchantId).pid());
    }

    /**
     * The merchant's test accounts, opened if need be, without any key. Blocks while keys are made; not called inside a
     * transaction.
     */
    public List<TestAccount> testAccounts(UUID merchantId) {
        transactions.refuseOpenTransaction("opening test accounts");
        var holder = holder(merchantId);
        return providers.all().stream()
                .filter(p -> testAccounts.simulates(p.name()))
                .map(p -> new TestAccount(
                        p.name().value(),
                        p.configuration().nodes().stream().sorted().toList(),
                        testAccounts.identifiers(holder, p.name())))
                .toList();
    }

    private void settle(ProviderAccount account, Identity identity, JsonObject values) {
        account.settle(
                identity,
                vault.seal(values.toString(), account.id().toString()),
                Digest.sha256(new TreeMap<>(values).toString()).substring(0, 16),
                clock.instant());
    }

    /** The one in use. */
    private Optional<ProviderAccount> find(UUID merchantId, Mode mode, String provider, String node) {
        return all(merchantId, mode, provider, node).stream()
                .filter(ProviderAccount::enabled)
                .findFirst();
    }

    private List<ProviderAccount> all(UUID merchantId, Mode mode, String provider, String node) {
        return entities.createQuery("""
                select a
                from ProviderAccount a
                where a.merchantId = :merchant and a.mode = :mode
                    and a.provider = :provider and a.node = :node
                """, ProviderAccount.class)
                .setParameter("merchant", merchantId)
                .setParameter("mode", mode)
                .setParameter("provider", provider)
                .setParameter("node", node)
                .getResultList();
    }

    private AccountSettings open(ProviderAccount account) {
        var provider = providers.named(account.provider());
        JsonObject values;
        try (var reader = Json.createReader(
                new StringReader(vault.open(account.sealed(), account.id().toString())))) {
            values = reader.readObject();
        }
        var test = account.mode() == Mode.TEST;
        var gateway = test ? testAccounts.gateway(provider.name()) : gateway(provider, account.node(), values);
        var pages = test ? Optional.of(testAccounts.pages(provider.name())) : Optional.<URI>empty();
        return new AccountSettings(
                account.id(), account.version(), provider.name(), account.node(), values, gateway, pages);
    }

    private URI gateway(PaymentProvider provider, String node, JsonObject values) {
        var where = Configuration.nameOf(provider.name(), node);
        return address(where, "gateway", values)
                .orElseGet(() -> provider.configuration().gateway());
    }

    /** An address that a node may name, checked; empty if it names none. */
    private Optional<URI> address(String where, String key, JsonObject values) {
        if (!(values.get(key) instanceof JsonString given) || given.getString().isBlank()) return Optional.empty();
        try {
            var uri = new URI(given.getString().strip().replaceAll("/+$", ""));
            if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw refused(where, key, " 应为不带查询参数的地址", " must be an address without a query");
            }
            var plain = "http".equals(uri.getScheme());
            if (plain && !settings.development()) {
                throw refused(
                        where,
                        key,
                        " 应为 https 地址；只有 CASHDESK_DEVELOPMENT=true 时才允许 http",
                        " must be https; plain http is allowed only with CASHDESK_DEVELOPMENT=true");
            }
            if (!plain && !"https".equals(uri.getScheme())) {
                throw refused(where, key, " 应为 https 地址", " must be an https address");
            }
            return Optional.of(uri);
        } catch (URISyntaxException e) {
            throw refused(where, key, " 不是地址：" + given.getString(), " is not an address: " + given.getString());
        }
    }

    private static Problem refused(String where, String key, String zh, String en) {
        return ProblemType.ACCOUNT.with(where, new LocalizedText(key + zh, key + en));
    }
}
