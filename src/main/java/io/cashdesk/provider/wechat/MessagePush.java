package io.cashdesk.provider.wechat;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How WeChat pushes messages to an application's address: as JSON or XML, in plain text, encrypted, or both at once. A
 * plain message's {@code signature} covers the time and a random number but not the message, so it proves only that the
 * sender has once seen a signature of this application. An encrypted message is proved by {@code msg_signature} and by
 * its key.
 *
 * @param token the application's token for message push, or an empty text: then no message is accepted
 * @param key the EncodingAESKey, 43 characters, or an empty text: then only plain messages are read
 * @param appId to whom an encrypted message must be addressed
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">message
 *     push</a>
 */
public record MessagePush(String token, String key, String appId) {
    private static final int BLOCK = 32;
    private static final int RANDOM = 16;

    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    /**
     * A message, read.
     *
     * @param content the members of the message; in XML every value is a text
     * @param proved whether it is certainly what WeChat sent to this application
     */
    public record Message(JsonObject content, boolean proved) {}

    /**
     * The text to send back to a request that only checks the address.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if it is not signed with the token
     */
    public String echo(String rawQuery) {
        var query = query(rawQuery);
        checkSignature(query);
        return query.getOrDefault("echostr", "");
    }

    /**
     * Verifies and reads a message. If it has an encrypted part and this account has a key, only that part counts.
     *
     * @throws ProviderFailure NOT_AUTHENTIC
     */
    public Message read(String rawQuery, byte[] body) {
        var query = query(rawQuery);
        var envelope = parse(utf8(body));
        var encrypted = envelope.getString("Encrypt", "");
        if (encrypted.isEmpty() || key.isEmpty()) {
            checkSignature(query);
            if (envelope.containsKey("Event")) return new Message(envelope, false);
            throw notAuthentic(
                    encrypted.isEmpty() ? "it is no event" : "it is encrypted, and the node has no encodingAESKey");
        }
        if (!signed(query, "msg_signature", encrypted)) throw notAuthentic("msg_signature is wrong");
        return new Message(parse(open(encrypted)), true);
    }

    private void checkSignature(Map<String, String> query) {
        if (!signed(query, "signature")) throw notAuthentic("the signature is wrong");
    }

    private boolean signed(Map<String, String> query, String name, String... more) {
        var time = query.getOrDefault("timestamp", "");
        var nonce = query.getOrDefault("nonce", "");
        if (token.isEmpty() || time.isEmpty() || nonce.isEmpty()) return false;
        var parts =
                Stream.concat(Stream.of(token, time, nonce), Stream.of(more)).toArray(String[]::new);
        return Digest.constantTimeEquals(query.getOrDefault(name, ""), signature(parts));
    }

    /** SHA-1 of the parts in lexicographic order, joined. */
    static String signature(String... parts) {
        return Digest.sha1(
                Arrays.stream(parts).sorted().collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The message: 16 random bytes, four bytes of length, the message, the application's id. Its padding has 1 to 32
     * bytes, more than a cipher of 16-byte blocks removes by itself.
     */
    private String open(String encrypted) {
        byte[] plain;
        try {
            var aes = Base64.getDecoder().decode(key + "=");
            var cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(aes, "AES"),
                    new IvParameterSpec(aes, 0, cipher.getBlockSize()));
            plain = cipher.doFinal(Base64.getDecoder().decode(encrypted));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw notAuthentic("it does not open under encodingAESKey");
        }
        int padding = plain.length == 0 ? 0 : plain[plain.length - 1];
        int end = plain.length - padding;
        if (padding < 1 || padding > BLOCK || end < RANDOM + Integer.BYTES) {
            throw notAuthentic("it does not open under encodingAESKey");
        }
        int length = ByteBuffer.wrap(plain, RANDOM, Integer.BYTES).getInt();
        int start = RANDOM + Integer.BYTES;
        if (length < 0 || length > end - start) throw notAuthentic("its length is wrong");
        var to = new String(plain, start + length, end - start - length, StandardCharsets.UTF_8);
        if (!to.equals(appId)) throw notAuthentic("it is for another application");
        return utf8(Arrays.copyOfRange(plain, start, start + length));
    }

    private static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        for (var pair : raw.split("&")) {
            var name = pair.replaceFirst("=.*", "");
            var value = pair.length() > name.length() ? pair.substring(name.length() + 1) : "";
            try {
                if (query.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8)) == null) continue;
            } catch (IllegalArgumentException e) {
                throw notAuthentic("its query cannot be read");
            }
            throw notAuthentic("its query has a parameter twice");
        }
        return query;
    }

    private static JsonObject parse(String text) {
        try {
            if (text.stripLeading().startsWith("<")) return PushXml.read(text);
            try (var reader = READERS.createReader(new StringReader(text))) {
                return reader.readObject();
            }
        } catch (JsonException | IllegalStateException | PushXml.Malformed e) {
            throw notAuthentic("it is neither a JSON object nor the XML of a message");
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notAuthentic("it is not UTF-8");
        }
    }

    private static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    @Override
    public String toString() {
        return "message push of " + appId; // never the token or the key
    }
}
