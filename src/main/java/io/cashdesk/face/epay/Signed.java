package io.cashdesk.face.epay;

import io.cashdesk.merchant.EpayAccess;
import io.cashdesk.merchant.EpayAccesses;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Signs what goes to a shop with the keys of its access. */
@ApplicationScoped
class Signed {
    @Inject
    EpayAccesses accesses;

    @Inject
    Clock clock;

    /** The query of a notification or return, with the signature that its {@code sign_type} names. */
    String query(EpayAccess access, SortedMap<String, String> parameters) {
        var all = new TreeMap<>(parameters);
        if ("RSA".equals(all.get("sign_type"))) {
            all.put("timestamp", now());
            all.put("sign", Signature.rsa(all, accesses.platformKey(access)));
        } else {
            all.put("sign", Signature.md5(all, accesses.key(access)));
        }
        return encoded(all);
    }

    static String encoded(SortedMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(p -> URLEncoder.encode(p.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** An address with this query behind the one that it has, without its fragment. */
    static String address(String url, String query) {
        var bare = url.split("#", 2)[0];
        if (!bare.contains("?")) return bare + "?" + query;
        return bare.endsWith("?") || bare.endsWith("&") ? bare + query : bare + "&" + query;
    }

    /**
     * An answer of version 2 to a call whose signature was verified: its own texts and numbers are signed, lists are
     * not. What is signed is joined by {@code &} without any encoding, so {@code msg}, which may quote what a caller or
     * provider sent, must have none: it could be read as further parameters.
     */
    JsonObject answer(EpayAccess access, JsonObjectBuilder unsigned) {
        var whole = unsigned.add("timestamp", now()).add("sign_type", "RSA").build();
        var answer = Json.createObjectBuilder(whole)
                .add("msg", whole.getString("msg").replace('&', '＆'))
                .build();
        var signed = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (value instanceof JsonString text) signed.put(name, text.getString());
            if (value instanceof JsonNumber number) signed.put(name, number.toString());
        });
        return Json.createObjectBuilder(answer)
                .add("sign", Signature.rsa(signed, accesses.platformKey(access)))
                .build();
    }

    private String now() {
        return Long.toString(clock.instant().getEpochSecond());
    }
}
