package io.cashdesk.provider.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.Signer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * The SDK's client, whose requests have the node's time. The SDK reads the system clock in a private method; so the
 * time is replaced in the text that is signed, and then in the request, by {@link #withSignedTime}.
 */
final class ClockedAlipayClient extends DefaultAlipayClient {
    /** The gateway's format and zone of {@code timestamp}. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

    private static final String NAME = "timestamp=";
    private static final Pattern ENCODED = Pattern.compile("(?<=^|[?&])" + NAME + "[^&]*");

    /** The time of the request that this thread signed last; the SDK signs and sends in one thread. */
    private static final ThreadLocal<String> SIGNED = new ThreadLocal<>();

    private final Clock clock;

    ClockedAlipayClient(AlipayConfig config, Clock clock) throws AlipayApiException {
        super(config);
        this.clock = clock;
    }

    @Override
    public Signer getSigner() {
        var signer = super.getSigner();
        return (text, type, charset) -> signer.sign(withTime(text), type, charset);
    }

    /**
     * Parameters are signed in the order of their names, unencoded, and only {@code version} is behind the time: the
     * last one is the parameter, whatever stands in a subject.
     */
    private String withTime(String text) {
        var at = text.lastIndexOf("&" + NAME);
        if (at < 0) throw new IllegalStateException("the SDK signs no timestamp any more");
        var begin = at + 1 + NAME.length();
        var end = text.indexOf('&', begin);
        var time = TIME.format(clock.instant());
        SIGNED.set(time);
        return text.substring(0, begin) + time + (end < 0 ? "" : text.substring(end));
    }

    /**
     * The request that this thread has just signed, with the time that was signed.
     *
     * @param encoded a URL or a form, in which an encoded value contains no {@code &}
     */
    static String withSignedTime(String encoded) {
        var time = SIGNED.get();
        if (time == null) throw new IllegalStateException("nothing was signed");
        SIGNED.remove();
        return ENCODED.matcher(encoded).replaceFirst(NAME + URLEncoder.encode(time, StandardCharsets.UTF_8));
    }
}
