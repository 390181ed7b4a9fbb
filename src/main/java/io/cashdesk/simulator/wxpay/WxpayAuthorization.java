package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Rsa;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The header Authorization of a v3 request. */
record WxpayAuthorization(String mchid, String serial, String timestamp, String nonce, String signature) {
    private static final String SCHEME = "WECHATPAY2-SHA256-RSA2048";
    private static final Pattern PAIR = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private static final String OLD = "timestamp is more than 5 minutes off";
    private static final String SERIAL = "serial_no is not of this merchant";
    private static final String MISMATCH = "sign not match";
    private static final Map<String, String> REASONS = Map.of(
            OLD, Exchange.reason("TIMESTAMP"),
            SERIAL, Exchange.reason("SERIAL"),
            MISMATCH, Exchange.MISMATCH);

    static WxpayAuthorization parse(String header) {
        if (header == null || !header.startsWith(SCHEME + " ")) throw refused("Authorization scheme");
        Map<String, String> pairs = new HashMap<>();
        var matcher = PAIR.matcher(header);
        while (matcher.find()) pairs.put(matcher.group(1), matcher.group(2));
        for (var name : new String[] {"mchid", "serial_no", "timestamp", "nonce_str", "signature"}) {
            if (!pairs.containsKey(name)) throw refused(name + " is missing");
        }
        if (!pairs.get("timestamp").matches("\\d{1,12}")) throw refused("timestamp");
        return new WxpayAuthorization(
                pairs.get("mchid"),
                pairs.get("serial_no"),
                pairs.get("timestamp"),
                pairs.get("nonce_str"),
                pairs.get("signature"));
    }

    /**
     * Refuses a signature that is wrong or more than five minutes old.
     *
     * @param target the raw path and query below the gateway's address
     */
    void check(Account account, String method, String target, String body, Instant now) {
        var skew = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        if (skew.compareTo(Duration.ofMinutes(5)) > 0) throw refused(OLD);
        if (!serial.equals(account.serial())) throw refused(SERIAL);
        var message = method + "\n" + target + "\n" + timestamp + "\n" + nonce + "\n" + body + "\n";
        if (!Rsa.verify(message, signature, account.publicKey())) {
            throw refused(
                    MISMATCH,
                    Map.of(
                            "method",
                            method,
                            "url",
                            target,
                            "sign_message_length",
                            Integer.toString(message.length()),
                            "truncated_sign_message",
                            message.length() > 120 ? message.substring(0, 120) : message));
        }
    }

    /** Why {@link #check} refused a request, for the log, in words that the page has in both languages. */
    static String reason(WxpayRefusal refused) {
        return REASONS.getOrDefault(refused.detail.getOrDefault("issue", ""), refused.getMessage());
    }

    static WxpayRefusal refused(String issue) {
        return refused(issue, Map.of());
    }

    private static WxpayRefusal refused(String issue, Map<String, String> signed) {
        var detail = new HashMap<>(signed);
        detail.put("field", "signature");
        detail.put("issue", issue);
        detail.put("location", "authorization");
        return new WxpayRefusal(401, "SIGN_ERROR", "签名错误：" + issue, detail, 268443699);
    }
}
