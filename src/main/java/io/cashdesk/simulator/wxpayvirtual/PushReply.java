package io.cashdesk.simulator.wxpayvirtual;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a merchant's answer acknowledges an event: nothing, {@code success}, or {@code ErrCode} 0 in the format of
 * the push; in safe mode the last one is encrypted and signed.
 */
final class PushReply {
    private static final Pattern ELEMENT =
            Pattern.compile("<(\\w+)>(?:<!\\[CDATA\\[(.*?)]]>|([^<]*))</\\1>", Pattern.DOTALL);

    private final String appId;
    private final VirtualProfile profile;

    PushReply(String appId, VirtualProfile profile) {
        this.appId = appId;
        this.profile = profile;
    }

    boolean acknowledges(int status, String body) {
        if (status != 200) return false;
        var text = body.strip();
        if (text.isEmpty() || text.equals("success")) return true;
        var members = members(text);
        if (profile.mode() == PushMode.SAFE || members.containsKey("Encrypt")) {
            var message = decrypted(members);
            if (message.isEmpty()) return false;
            members = members(message.get());
        }
        return "0".equals(members.get("ErrCode"));
    }

    private Optional<String> decrypted(Map<String, String> members) {
        var encrypted = members.getOrDefault("Encrypt", "");
        var right = VirtualSignature.ofPush(
                profile.token(), members.getOrDefault("TimeStamp", ""), members.getOrDefault("Nonce", ""), encrypted);
        if (!VirtualSignature.same(right, members.get("MsgSignature"))) return Optional.empty();
        try {
            return Optional.of(new PushCipher(profile.aesKey()).decrypt(encrypted, appId));
        } catch (PushCipher.Unreadable e) {
            return Optional.empty();
        }
    }

    /** The members as texts; empty if the answer has another format than the push. */
    private Map<String, String> members(String text) {
        return profile.xml() ? ofXml(text) : ofJson(text);
    }

    private static Map<String, String> ofXml(String text) {
        if (!text.startsWith("<xml>") || !text.endsWith("</xml>")) return Map.of();
        return ELEMENT.matcher(text.substring(5, text.length() - 6))
                .results()
                .collect(Collectors.toMap(
                        m -> m.group(1), m -> m.group(2) != null ? m.group(2) : m.group(3), (first, later) -> first));
    }

    private static Map<String, String> ofJson(String text) {
        JsonObject object;
        try (var reader = Json.createReader(new StringReader(text))) {
            object = reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            return Map.of();
        }
        return object.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue() instanceof JsonString s
                                ? s.getString()
                                : e.getValue().toString()));
    }
}
