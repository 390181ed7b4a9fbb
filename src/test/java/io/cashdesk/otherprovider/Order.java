package io.cashdesk.otherprovider;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An order at one of the providers. */
final class Order {
    final Account account;
    final String number;
    final long fen;
    final String notifyUrl;
    final String request;
    final Instant expiry;
    /** Whether the payer has opened it; only then it is a trade at Alipay. */
    volatile boolean scanned;

    /** NOTPAY, SUCCESS, CLOSED or RETURNED. */
    volatile String state = "NOTPAY";

    /** The amount that the provider reports: another one if a test wants that. */
    volatile long reportedFen;

    volatile Instant paidAt;
    final String code;
    final String transaction = "42" + OtherProvider.digits(26);

    /** The HTTP status of each answer to its notifications; -1 is none. */
    final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());

    Order(Account account, String number, long fen, String notifyUrl, String request, Instant expiry) {
        this.account = account;
        this.number = number;
        this.fen = fen;
        this.reportedFen = fen;
        this.notifyUrl = notifyUrl;
        this.request = request;
        this.expiry = expiry;
        this.code = account.provider().equals("wxpay")
                ? "weixin://wxpay/bizpayurl?pr=" + OtherProvider.digits(10)
                : "https://qr.alipay.com/bax" + OtherProvider.digits(20);
    }
}
