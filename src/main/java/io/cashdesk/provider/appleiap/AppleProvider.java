package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.InvalidSetting;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.PerAccount;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.Prices;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SellsInStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Apple's in-app purchase. */
@ApplicationScoped
class AppleProvider implements PaymentProvider, Creates, Prices, SellsInStore {
    static final PayType APP = new PayType(ApplePresentation.NAME, "app-plus");

    private static final Configuration CONFIGURATION = new Configuration(
            Set.of(APP.product()), Set.of("password", "privateKey"), AppleAccount.API, Set.of("sandboxGateway"));

    private static final LocalizedText DEVICES = new LocalizedText(
            "只能在 iPhone、iPad 等苹果设备上的 App 里使用", "works in an app on an iPhone, iPad or other Apple device only");

    /** An attempt's number is a UUID without its hyphens. */
    private static final Pattern NUMBER =
            Pattern.compile("([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})");

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(AppleProvider.class);

    @Inject
    ProviderTransport transport;

    @Inject
    Settings server;

    @Inject
    Clock clock;

    private final PerAccount<AppleStore> stores = new PerAccount<>(this::store);

    private AppleStore store(AccountSettings settings) {
        return new AppleStore(AppleAccount.of(settings, server), transport.client(), clock);
    }

    // facts

    @Override
    public ProviderName name() {
        return ApplePresentation.NAME;
    }

    @Override
    public Presentation presentation() {
        return ApplePresentation.APPLE;
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return Map.of(APP, ProductRules.of(APP.product()).withoutExpiry().notOnPages());
    }

    @Override
    public PayType payType(Client client) {
        if (client.code() || client.paymentCode()) return new PayType(ApplePresentation.NAME, "h5");
        return new PayType(ApplePresentation.NAME, client.platform());
    }

    @Override
    public boolean worksIn(Client client, PayType payType) {
        return false; // no page can buy in the App Store
    }

    @Override
    public void checkDevice(AccountSettings account, Client client) {
        if (client.says("android") || client.says("harmony")) throw ProblemType.STORE_DEVICE.with(name(), DEVICES);
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    @Override
    public void check(AccountSettings account) {
        AppleAccount.of(account, server);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("bundleId"), account.text("bundleId"));
    }

    /** A merchant's own number is no UUID, which StoreKit requires. */
    @Override
    public boolean fits(String outTradeNo) {
        return false;
    }

    @Override
    public void checkInput(AccountSettings account, CallerInput input) {
        AppleProducts.check(input.other());
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    // payments

    @Override
    public String field() {
        return AppleProducts.FIELD;
    }

    @Override
    public boolean takesTotal() {
        return true;
    }

    @Override
    public Priced price(AccountSettings account, Asked asked) {
        return AppleProducts.price(asked);
    }

    /** Makes no call: the app passes the token to StoreKit, and it comes back in the signed transaction. */
    @Override
    public Created create(AccountSettings account, PaymentRequest request) {
        var number = NUMBER.matcher(request.attemptNo());
        if (!number.matches()) {
            throw new IllegalStateException(
                    "an attempt at Apple needs a generated number, and not " + request.attemptNo());
        }
        var orderInfo = Json.createObjectBuilder()
                .add("appAccountToken", number.replaceFirst("$1-$2-$3-$4-$5"))
                .build();
        return Created.of(new PaymentPrompt.CallWallet(request.attemptNo(), orderInfo, Optional.empty()));
    }

    @Override
    public Optional<Purchase> verify(AccountSettings account, Proof proof) {
        try {
            return ofNode(account).verify(proof);
        } catch (NotVerified e) {
            throw e.problem(proof.outTradeNo());
        }
    }

    @Override
    public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
        return ofNode(account).answerUsage(purchase, delivered);
    }

    /** "Send Consumption Information" must come within 12 hours of CONSUMPTION_REQUEST. */
    @Override
    public Duration answersWithin() {
        return Duration.ofHours(12);
    }

    @Override
    public boolean queriesStore(Proof proof) {
        return AppleStore.queries(proof);
    }

    private AppleStore ofNode(AccountSettings account) {
        try {
            return stores.of(account);
        } catch (InvalidSetting | IllegalArgumentException e) { // it was valid when the node was put
            throw new ProviderFailure(Kind.DECLINED, AppleAccount.NODE, String.valueOf(e.getMessage()), e);
        }
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return ofNode(account).read(notification);
    }

    @Override
    public OriginalData original(AccountSettings account, RawNotification notification) {
        return AppleNotifications.original(notification);
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return new Acknowledgement(200, "text/plain", "");
    }

    /** Apple repeats after any answer but 200 to 206; of 400 that is doubtful. */
    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return new Acknowledgement(authentic ? 503 : 401, "text/plain", reason);
    }
}
