package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.SignedData.shown;

import com.apple.itunes.storekit.model.Environment;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SellsInStore.Proof;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;

/** One account at the App Store: its verifiers and its ways to Apple's servers, made once from its settings. */
final class AppleStore {
    /** Apple's servers find a purchase of this moment a little later than the app does. */
    private static final Duration PAUSE = Duration.ofMillis(800);

    private static final Pattern NUMBER = Pattern.compile("\\d{1,64}");

    private final AppleAccount account;
    private final SignedData signed;
    private final AppleHttp http;
    private final AppleReceipts receipts;

    /** By environment; empty without a key. */
    private final Map<Environment, AppStoreApi> apis = new EnumMap<>(Environment.class);

    AppleStore(AppleAccount account, OkHttpClient shared, Clock clock) {
        this.account = account;
        this.signed = new SignedData(account);
        this.http = new AppleHttp(shared, account.timeout());
        this.receipts = new AppleReceipts(account, http, clock);
        account.apiKey().ifPresent(key -> {
            for (var environment : account.environments()) {
                apis.put(environment, new AppStoreApi(account, key, environment, http, clock));
            }
        });
    }

    ParsedNotification read(RawNotification notification) {
        return AppleNotifications.read(account, signed, notification);
    }

    /** @throws NotVerified if the proof proves no purchase here */
    Optional<Purchase> verify(Proof proof) {
        var receipt = proof.receipt().strip();
        var number = proof.transactionId().strip();
        if (SignedData.looksLike(number)) return Optional.of(ofTwo(number, receipt));
        if (SignedData.looksLike(receipt)) return Optional.of(named(signed.transaction(receipt), number));
        if (!receipt.isEmpty()) return receipts.purchase(receipt, number, proof);
        return Optional.of(queried(number));
    }

    /** Signed data where the number should be, and perhaps once more as the receipt. */
    private Purchase ofTwo(String inNumber, String receipt) {
        var transaction = signed.transaction(inNumber);
        if (SignedData.looksLike(receipt)) {
            named(
                    signed.transaction(receipt),
                    String.valueOf(transaction.values().getTransactionId()));
        }
        return purchase(transaction);
    }

    /** @param number an empty text, or that of the same transaction */
    private Purchase named(SignedData.Transaction transaction, String number) {
        var signedNumber = String.valueOf(transaction.values().getTransactionId());
        if (!number.isEmpty() && !number.equals(signedNumber)) {
            throw new NotVerified(
                    "transaction_receipt 是交易 " + shown(signedNumber) + "，而 transaction_identifier 为 " + shown(number)
                            + "；请传同一笔交易",
                    "transaction_receipt is the transaction " + shown(signedNumber) + ", but transaction_identifier is "
                            + shown(number) + "; send both of the same transaction");
        }
        return purchase(transaction);
    }

    private Purchase purchase(SignedData.Transaction transaction) {
        var values = transaction.values();
        if (!account.environments().contains(values.getEnvironment())) {
            throw AppleReceipts.otherEnvironment(values.getEnvironment());
        }
        if (ApplePurchases.FAMILY_SHARED.equals(values.getRawInAppOwnershipType())) throw AppleReceipts.familyShared();
        return ApplePurchases.of(transaction, account);
    }

    /** Of a number alone: queried where it may be. */
    private Purchase queried(String number) {
        if (!NUMBER.matcher(number).matches()) {
            throw new NotVerified(
                    "transaction_identifier 应为苹果的交易号，只含数字，实际为 " + shown(number),
                    "transaction_identifier must be Apple's transaction id, digits only, but is " + shown(number));
        }
        if (apis.isEmpty()) {
            throw new NotVerified(
                    "只有交易号，需要向苹果查询，而节点没有 issuerId、keyId 和 privateKey；请配置这三项，或同时传 transaction_receipt",
                    "there is only a transaction id, which must be queried at Apple, and the node has no issuerId, keyId and"
                            + " privateKey; configure these three, or send transaction_receipt too");
        }
        try {
            return foundAtApple(number);
        } catch (NotVerified e) {
            throw e.answered();
        }
    }

    private Purchase foundAtApple(String number) {
        var until = http.deadline();
        var found = find(number, until);
        if (found.isEmpty()) {
            until.pause(PAUSE);
            found = find(number, until);
        }
        if (found.isPresent()) return named(signed.transaction(found.get()), number);
        var names = account.environments().stream().map(Environment::getValue).toList();
        throw new NotVerified(
                "苹果没有此 App 的交易 " + number + "（查询了 " + String.join("、", names) + "）",
                "Apple has no transaction " + number + " of this app (queried: " + String.join(", ", names) + ")");
    }

    private Optional<String> find(String number, Deadline until) {
        return account.environments().stream()
                .flatMap(environment -> apis.get(environment).transaction(number, until).stream())
                .findFirst();
    }

    /** Whether a proof is verified by a call to Apple, and not by its signature. */
    static boolean queries(Proof proof) {
        return !SignedData.looksLike(proof.transactionId()) && !SignedData.looksLike(proof.receipt());
    }

    boolean answerUsage(Purchase purchase, Optional<Boolean> delivered) {
        if (!account.answersConsumptionRequests() || delivered.isEmpty()) return false;
        var environment = Environment.fromValue(purchase.environment());
        var api = apis.get(environment);
        if (api == null) return false; // purchases in this environment do not count any more
        api.answer(purchase.transactionId(), delivered.get());
        return true;
    }
}
