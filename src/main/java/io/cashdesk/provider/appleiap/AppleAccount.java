package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.WrongNodeValue.require;

import com.apple.itunes.storekit.model.Environment;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.AccountSettings;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a merchant configures in the node, checked. Each refusal is a sentence that names the key.
 *
 * @param appAppleId the app's number in the App Store; empty only in an account of the sandbox alone
 * @param password the app's shared secret, or an empty text
 * @param timeout how long to wait for an answer of Apple
 * @param receiptExpiresIn the age from which a receipt without the purchase is no error
 * @param sandbox only purchases in Apple's sandbox count
 * @param acceptSandbox purchases in Apple's sandbox count too
 * @param apiKey with which Apple's API is called; empty if there is none
 * @param gateway the address of all production hosts together; empty: Apple's
 * @param sandboxGateway the same of the sandbox; of an account of test mode the simulator's, below {@code gateway}
 * @param roots from one of which signed data must come
 */
record AppleAccount(
        String bundleId,
        Optional<Long> appAppleId,
        String password,
        Duration timeout,
        Duration receiptExpiresIn,
        boolean sandbox,
        boolean acceptSandbox,
        boolean answersConsumptionRequests,
        Optional<ApiKey> apiKey,
        Optional<String> gateway,
        Optional<String> sandboxGateway,
        List<X509Certificate> roots) {
    /** The production host of Apple's API, for nodes without {@code gateway}. */
    static final URI API = URI.create("https://api.storekit.apple.com");

    /** Our word where Apple's error code stands: the node, or a setting of the server, is not valid any more. */
    static final String NODE = "node";

    private static final List<String> TEXTS =
            List.of("bundleId", "password", "issuerId", "keyId", "privateKey", "rootCertificates", "sandboxGateway");

    private static final int USUAL_TIMEOUT = 10_000;
    private static final int USUAL_EXPIRY = 86_400;
    private static final long MOST_SECONDS = 315_360_000;

    /** An In-App Purchase key. */
    record ApiKey(String issuerId, String keyId, ECPrivateKey key) {
        @Override
        public String toString() {
            return "In-App Purchase key " + keyId; // must not show it
        }
    }

    /**
     * @param server the configuration of this node, for the roots of live accounts
     * @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong
     * @throws io.cashdesk.ground.setting.InvalidSetting if the file with the roots is invalid
     */
    static AppleAccount of(AccountSettings settings, Settings server) {
        TEXTS.forEach(name -> requireText(settings, name));
        var bundleId = settings.text("bundleId");
        require(
                bundleId.matches("[0-9A-Za-z.-]{1,155}"),
                "bundleId 应为 App 的 Bundle ID，例如 com.example.shop",
                "bundleId must be the app's bundle id, for instance com.example.shop");
        var sandbox = flag(settings, "sandbox", false);
        var accept = flag(settings, "acceptSandbox", true);
        require(
                accept || !sandbox,
                "sandbox 为 true 时只接受沙盒中的购买，acceptSandbox 不能为 false",
                "with sandbox true only purchases in the sandbox count, so acceptSandbox cannot be false");
        var number = appAppleId(settings);
        require(
                sandbox || number.isPresent(),
                "appAppleId 为空：应为 App 的 Apple ID，即 App Store Connect 的 App 信息中的数字；仅当 sandbox 为 true 时可以不填",
                "appAppleId is missing: the app's Apple ID, a number on its App Information page in App Store Connect; only"
                        + " with sandbox true it can be left out");
        var password = settings.text("password");
        require(
                password.matches("[!-~]{0,128}"),
                "password 应为 App 专用共享密钥，不含空格",
                "password must be the app-specific shared secret, without blanks");
        return new AppleAccount(
                bundleId,
                number,
                password,
                Duration.ofMillis(whole(settings, "timeout", "毫秒", "milliseconds", USUAL_TIMEOUT, 1_000, 60_000)),
                Duration.ofSeconds(whole(settings, "receiptExpiresIn", "秒", "seconds", USUAL_EXPIRY, 0, MOST_SECONDS)),
                sandbox,
                accept,
                answers(settings),
                apiKey(settings),
                gateway(settings),
                sandboxGateway(settings),
                roots(settings, server));
    }

    /** In which environments a purchase counts, the one to query first in front. */
    List<Environment> environments() {
        if (sandbox) return List.of(Environment.SANDBOX);
        return acceptSandbox ? List.of(Environment.PRODUCTION, Environment.SANDBOX) : List.of(Environment.PRODUCTION);
    }

    /** Where Apple's API is. */
    String api(Environment environment) {
        return environment == Environment.SANDBOX
                ? sandboxGateway.orElse("https://api.storekit-sandbox.apple.com")
                : gateway.orElse(API.toString());
    }

    /** Where verifyReceipt is, without its path. */
    String receipts(Environment environment) {
        return environment == Environment.SANDBOX
                ? sandboxGateway.orElse("https://sandbox.itunes.apple.com")
                : gateway.orElse("https://buy.itunes.apple.com");
    }

    private static void requireText(AccountSettings settings, String name) {
        var given = settings.values().get(name);
        require(
                isAbsent(given) || given instanceof JsonString,
                name + " 应为文本，要加引号",
                name + " must be a text, in quotes");
    }

    private static boolean answers(AccountSettings settings) {
        var answers = flag(settings, "answerConsumptionRequests", false);
        require(
                !answers || !settings.text("privateKey").isEmpty(),
                "answerConsumptionRequests 为 true 时必须配置 issuerId、keyId 和 privateKey：应答通过苹果的接口发送",
                "answerConsumptionRequests needs issuerId, keyId and privateKey: the answers are sent through Apple's API");
        return answers;
    }

    private static Optional<Long> appAppleId(AccountSettings settings) {
        var given = settings.values().get("appAppleId");
        if (isAbsent(given)) return Optional.empty();
        var digits = given instanceof JsonNumber
                ? JsonBody.wholeNumber(given).map(String::valueOf).orElse("")
                : settings.text("appAppleId");
        require(
                digits.matches("[1-9]\\d{0,17}"),
                "appAppleId 应为 App 的 Apple ID，只含数字，例如 1234567890；不是 Bundle ID 或 Apple 账户",
                "appAppleId must be the app's Apple ID, digits only, for instance 1234567890; it is neither the bundle id nor"
                        + " an Apple account");
        return Optional.of(Long.parseLong(digits));
    }

    private static Optional<ApiKey> apiKey(AccountSettings settings) {
        var issuerId = settings.text("issuerId");
        var keyId = settings.text("keyId");
        var missing = List.of("issuerId", "keyId", "privateKey").stream()
                .filter(name -> settings.text(name).isEmpty())
                .toList();
        if (missing.size() == 3) return Optional.empty();
        require(
                missing.isEmpty(),
                "缺少 " + String.join("、", missing) + "：issuerId、keyId 和 privateKey 是同一个密钥的三部分，要么全部填写，要么全部不填",
                String.join(", ", missing)
                        + " is missing: issuerId, keyId and privateKey are three parts of one key; give all"
                        + " of them, or none");
        require(
                issuerId.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
                "issuerId 应为 App Store Connect“App 内购买项目”密钥页上的 Issuer ID（UUID）",
                "issuerId must be the Issuer ID on the page of In-App Purchase keys in App Store Connect: a UUID");
        require(
                keyId.matches("[0-9A-Za-z_-]{1,64}"),
                "keyId 应为该密钥的 Key ID，例如 2X9R4HXF34",
                "keyId must be the Key ID of this key, for instance 2X9R4HXF34");
        return Optional.of(new ApiKey(issuerId, keyId, AppleKeys.privateKey(settings, "privateKey")));
    }

    private static Optional<String> gateway(AccountSettings settings) {
        return settings.gateway().equals(API)
                ? Optional.empty()
                : Optional.of(settings.gateway().toString().replaceAll("/+$", ""));
    }

    private static Optional<String> sandboxGateway(AccountSettings settings) {
        var own = settings.text("sandboxGateway").replaceAll("/+$", "");
        if (!own.isEmpty()) return Optional.of(own);
        return settings.simulated() ? gateway(settings).map(g -> g + "/sandbox") : gateway(settings);
    }

    /**
     * Of an account of test mode those in its node, which the simulator has made; of a live account those of the
     * server. Whoever could add a root to a live node could make purchases that count as paid.
     */
    private static List<X509Certificate> roots(AccountSettings settings, Settings server) {
        var own = !settings.text("rootCertificates").isEmpty();
        require(
                !own || settings.simulated() || server.development(),
                "rootCertificates 只用于测试；正式环境的根证书由服务器的 CASHDESK_APPLE_ROOTS 设置，请去掉该项",
                "rootCertificates is for tests only: leave it out; the server's CASHDESK_APPLE_ROOTS has the root"
                        + " certificates of live accounts");
        if (own || settings.simulated()) return AppleKeys.certificates(settings, "rootCertificates");
        var roots = server.appleRoots();
        require(
                !roots.isEmpty(),
                "服务器没有设置 CASHDESK_APPLE_ROOTS，无法验证苹果的签名：请运维人员下载"
                        + " https://www.apple.com/certificateauthority/AppleRootCA-G3.cer，并将该设置指向此文件后重启",
                "the server has no CASHDESK_APPLE_ROOTS, without which Apple's signatures cannot be verified: its operator"
                        + " must download https://www.apple.com/certificateauthority/AppleRootCA-G3.cer, set it to that file"
                        + " and restart");
        return roots;
    }

    private static long whole(
            AccountSettings settings, String name, String zh, String en, long otherwise, long least, long most) {
        var given = settings.values().get(name);
        if (isAbsent(given)) return otherwise;
        var text = settings.text(name);
        var number = text.matches("\\d{1,12}")
                ? Long.parseLong(text)
                : JsonBody.wholeNumber(given).orElse(-1L);
        require(
                number >= least && number <= most,
                name + " 应为 " + least + " 到 " + most + " 的整数，单位为" + zh,
                name + " must be a whole number from " + least + " to " + most + ", in " + en);
        return number;
    }

    private static boolean flag(AccountSettings settings, String name, boolean otherwise) {
        var given = settings.values().get(name);
        if (isAbsent(given)) return otherwise;
        require(
                given == JsonValue.TRUE || given == JsonValue.FALSE,
                name + " 应为布尔值 true 或 false，不加引号",
                name + " must be true or false, without quotes");
        return given == JsonValue.TRUE;
    }

    private static boolean isAbsent(JsonValue given) {
        return given == null
                || given == JsonValue.NULL
                || (given instanceof JsonString text && text.getString().isBlank());
    }

    @Override
    public String toString() {
        return "in-app purchases of " + bundleId; // a record would print the keys
    }
}
