package io.cashdesk.payment;

import io.cashdesk.ground.http.IpAddress;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.Client;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * From where the payer pays, as {@code context} describes it. Keys are taken in upper and camel case; without a context
 * the platform is h5, without a user agent it is a desktop. Unknown keys and values of another type are ignored, except
 * the payer's address, which providers compare or refuse. uni-app's newer names of platforms are taken for the older
 * ones: {@code web}, {@code app}, and those of its systems ({@code app-android}, {@code app-ios}, {@code app-harmony}).
 *
 * @param name the platform, old name: "h5", "mp-weixin", "app-plus"
 * @param userAgent as the browser sent it, at most 1,024 characters; of a mini-program with its operating system after
 *     it ("ios"), unless it names that; or an empty text
 * @param appid the DCloud application id, or null
 * @param clientIp the payer's address as {@link IpAddress#normalised} returns it, or null
 */
record Platform(String name, String userAgent, String appid, String clientIp) {
    private static final int LONGEST = 1024;

    private static final Set<JsonValue> ABSENT = Set.of(JsonValue.NULL, Json.createValue(""));

    static final List<String> NAMES = List.of("PLATFORM", "platform", "vk_platform");

    static final List<String> USER_AGENT_NAMES = List.of("CLIENTUA", "clientUA", "clientUa", "userAgent", "ua");

    private static final List<String> SYSTEM_NAMES = List.of("OS", "os", "osName");

    private static final List<String> APPID_NAMES = List.of("APPID", "appId", "appid");

    private static final List<String> CLIENT_IP = List.of("CLIENTIP", "clientIP", "clientIp");

    static Platform of(Optional<JsonObject> context) {
        var c = context.orElse(JsonObject.EMPTY_JSON_OBJECT);
        return of(c, clientIp(c));
    }

    /** The same for a caller who is the payer: always at the caller's address, whatever {@code context} has for it. */
    static Platform ofPayer(Optional<JsonObject> context, String callerAddress) {
        return of(context.orElse(JsonObject.EMPTY_JSON_OBJECT), null).at(callerAddress);
    }

    private static Platform of(JsonObject c, String clientIp) {
        var name = text(c, NAMES).orElse("h5");
        return new Platform(
                switch (name) {
                    case "web" -> "h5";
                    case "app", "app-android", "app-ios", "app-harmony" -> "app-plus";
                    default -> name;
                },
                userAgent(name, c),
                text(c, APPID_NAMES).orElse(null),
                clientIp);
    }

    /** With the system's name, if it does not say that: an iPad's may name a Macintosh. */
    private static String userAgent(String name, JsonObject c) {
        var said = text(c, USER_AGENT_NAMES).orElse("");
        var system = system(name, c).filter(s -> !said.toLowerCase(Locale.ROOT).contains(s.toLowerCase(Locale.ROOT)));
        return system.map(s -> cut((said + " " + s).strip())).orElse(said);
    }

    /** The operating system of an app or a mini-program, which tells an iPhone as a user agent does. */
    private static Optional<String> system(String name, JsonObject c) {
        return name.startsWith("mp-") ? text(c, SYSTEM_NAMES) : Optional.empty();
    }

    private Platform at(String callerAddress) {
        return new Platform(
                name, userAgent, appid, IpAddress.normalised(callerAddress).orElse(callerAddress));
    }

    /** The same with the caller's address, if {@code context} has none of the payer's. */
    Platform orAt(String callerAddress) {
        return clientIp == null ? at(callerAddress) : this;
    }

    /** Every spelling that is present must be an address; the first one counts. An empty text counts as absent. */
    private static String clientIp(JsonObject context) {
        return CLIENT_IP.stream()
                .filter(name -> !ABSENT.contains(context.getOrDefault(name, JsonValue.NULL)))
                .map(name -> address(name, context.get(name)))
                .reduce((first, later) -> first)
                .orElse(null);
    }

    private static String address(String name, JsonValue value) {
        return Optional.of(value)
                .filter(JsonString.class::isInstance)
                .flatMap(v -> IpAddress.normalised(((JsonString) v).getString()))
                .orElseThrow(() -> ProblemType.field(
                        "context." + name,
                        new LocalizedText(
                                "付款人的一个 IP 地址，例如 203.0.113.7 或 2001:db8::7",
                                "the payer's IP address alone, for instance 203.0.113.7 or 2001:db8::7"),
                        JsonBody.shown(value)));
    }

    /** A longer text is cut, because what tells browsers apart is at the beginning. */
    private static Optional<String> text(JsonObject context, List<String> names) {
        for (var name : names) {
            if (context.get(name) instanceof JsonString s && !s.getString().isBlank())
                return Optional.of(cut(s.getString()));
        }
        return Optional.empty();
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) return text;
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }

    Client client(boolean isPc, boolean code, boolean paymentCode, boolean appAsCode) {
        return new Client(name, userAgent, isPc, code, paymentCode, appAsCode);
    }
}
