package io.cashdesk.fault;

import io.cashdesk.testing.Node;
import jakarta.json.Json;
import jakarta.json.JsonObject;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All providers: the simulator of a server that is none of the tested nodes and has a database of its own. Its
 * accounts, wallets, faults and records.
 */
final class SimulatedProviders {
    static final String VIRTUAL = "wxpay-virtual";
    static final String DOUYIN = "douyin";
    static final String APPLE = "appleiap";

    /** What a payer's device opens there, without a page of the simulator: {@code douyin:<order_id>:<order_token>}. */
    private static final String OF_DOUYIN = DOUYIN + ":";

    /** {@code appleiap:<bundleId>:<appAccountToken>:<price in thousandths of a yuan>}. */
    private static final String OF_APPLE = APPLE + ":";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Node node;
    private final Set<String> withFaults = ConcurrentHashMap.newKeySet();

    SimulatedProviders(Node node) {
        this.node = node;
    }

    /** The address at which the simulated providers listen. */
    URI gateways() {
        return URI.create("http://127.0.0.1:" + node.environment("CASHDESK_SIMULATOR_PORT"));
    }

    /**
     * This merchant's nodes of configuration, by provider, made if there are none yet; their gateways begin with this
     * base.
     *
     * @param dialect of the node at VksPay
     * @param douyin dialect of the node at Douyin
     */
    Map<String, JsonObject> accounts(String pid, URI base, String dialect, String douyin) {
        var key = node.merchant(pid, "test");
        var opened = new TreeMap<String, JsonObject>();
        for (var provider : List.of("wxpay", "alipay")) {
            var answer = node.createPayment(key, provider, opening(pid, provider), 1);
            if (answer.status() != 200) throw new IllegalStateException(answer.body());
            var gateway = base + "/simulator/" + provider + (provider.equals("alipay") ? "/gateway.do" : "");
            var known = Sql.of(
                    node.dbUrl(),
                    "select a.node from sim_account a join merchant m on m.id = a.merchant_id where m.pid = ? and a.provider = ?",
                    row -> row.getString(1),
                    pid,
                    provider);
            try (var reader = Json.createReader(new StringReader(known.get(0)))) {
                opened.put(
                        provider,
                        Json.createObjectBuilder(reader.readObject())
                                .add("gateway", gateway)
                                .build());
            }
        }
        opened.put("vkspay", vkspay(base, dialect));
        opened.put(VIRTUAL, virtual(base));
        opened.put(DOUYIN, opened(base, DOUYIN, "{\"dialect\":\"" + douyin + "\"}"));
        opened.put(APPLE, apple(base));
        return opened;
    }

    /** A mini-program of its own, because the test nodes' push address is the provider's own server. */
    private JsonObject virtual(URI base) {
        return opened(base, VIRTUAL, "{}");
    }

    /** An app of its own, for the same reason. */
    private JsonObject apple(URI base) {
        return Json.createObjectBuilder(opened(base, APPLE, "{}"))
                .add("sandboxGateway", base + "/simulator/appleiap/sandbox")
                .build();
    }

    private JsonObject opened(URI base, String provider, String wish) {
        var answer = node.simulator("accounts/" + provider, wish);
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
        return Json.createObjectBuilder(answer.json().getJsonObject("node"))
                .add("gateway", base + "/simulator/" + provider)
                .build();
    }

    /** Enters where the notifications of an app go. */
    void notifiedAt(String bundleId, URI address) {
        var body = Json.createObjectBuilder().add("bundle_id", bundleId).add("url", address.toString());
        var answer = node.simulator("appleiap/console", body.build().toString());
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
    }

    /** The client of a mini-program in Douyin receives its parameters; what it pays with. */
    String openDouyin(JsonObject orderInfo) {
        if (orderInfo.containsKey("order_id")) {
            return OF_DOUYIN + orderInfo.getString("order_id") + ":" + orderInfo.getString("order_token");
        }
        var answer = node.simulator("douyin/requestOrder", orderInfo.toString()).json();
        if (answer.containsKey("orderId")) return OF_DOUYIN + answer.getString("orderId") + ":";
        JsonObject data;
        try (var reader = Json.createReader(new StringReader(orderInfo.getString("data")))) {
            data = reader.readObject();
        }
        var known = Sql.of( // Douyin takes a number once
                node.dbUrl(),
                "select d.order_id from sim_douyin_trade d join sim_trade t on t.id = d.trade_id where t.number = ?",
                row -> row.getString(1),
                data.getString("outOrderNo"));
        return OF_DOUYIN + known.get(0) + ":";
    }

    /** The device of a payer receives its parameters; what it buys with. */
    static String openApple(JsonObject orderInfo, String bundleId, long fen) {
        return OF_APPLE + bundleId + ":" + orderInfo.getString("appAccountToken") + ":" + fen * 10;
    }

    /** The token for which faults of a purchase are set; empty for other codes. */
    static Optional<String> token(String code) {
        return code.startsWith(OF_APPLE) ? Optional.of(code.split(":")[2]) : Optional.empty();
    }

    private boolean payAtDouyin(String code) {
        var parts = code.split(":", -1);
        var body = Json.createObjectBuilder();
        if (parts[2].isEmpty()) body.add("orderId", parts[1]);
        else body.add("order_id", parts[1]).add("order_token", parts[2]);
        return node.simulator("douyin/pay", body.build().toString()).json().getInt("code") == 0;
    }

    /** Buys; what the app then has to verify. */
    JsonObject buy(String code) {
        var parts = code.split(":");
        var body = Json.createObjectBuilder()
                .add("bundle_id", parts[1])
                .add("product_id", "coins60")
                .add("appAccountToken", parts[2])
                .add("price", Long.parseLong(parts[3]));
        var answer = node.simulator("appleiap/buy", body.build().toString());
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
        return answer.json();
    }

    /** Enters the push address of a mini-program; false if the check at that address failed. */
    boolean pushedTo(String appId, URI address) {
        var body = Json.createObjectBuilder().add("app_id", appId).add("url", address.toString());
        return node.simulator("wxpay-virtual/console", body.build().toString())
                .json()
                .getBoolean("verified");
    }

    /** A login code of the first user of a mini-program. */
    String loginCode(String appId) {
        return node.simulator("login", "{\"app_id\":\"" + appId + "\"}").json().getString("login_code");
    }

    /** That user. */
    static String openid(String appId) {
        return "o" + appId.substring(2) + "SimulatedP1";
    }

    /**
     * The client of a mini-program opens a payment; the code with which the wallet pays it. WeChat takes a number once,
     * so for the same parameters again it is the code of before.
     */
    String openVirtual(JsonObject orderInfo) {
        var body = Json.createObjectBuilder(orderInfo).add("outcome", "open");
        var opened =
                node.simulator("wxpay-virtual/request", body.build().toString()).json();
        if (opened.containsKey("code")) return opened.getString("code");
        JsonObject signData;
        try (var reader = Json.createReader(new StringReader(orderInfo.getString("signData")))) {
            signData = reader.readObject();
        }
        var number = signData.getString("outTradeNo");
        return node.simulator("books?provider=" + VIRTUAL + "&out_trade_no=" + number, null)
                .json()
                .getString("code");
    }

    /** A merchant of its own there, because the test nodes have one dialect alone. */
    private JsonObject vkspay(URI base, String dialect) {
        var answer = node.simulator("accounts/vkspay", "{\"dialect\":\"" + dialect + "\"}");
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
        var path = "/simulator/vkspay" + (dialect.equals("vkspay") ? "" : "/epay");
        return Json.createObjectBuilder(answer.json().getJsonObject("node"))
                .add("gateway", base + path)
                .build();
    }

    private static String opening(String pid, String provider) {
        return "OPEN_" + provider + "_" + pid.replaceAll("\\W", "");
    }

    /**
     * The gateway's number of an order that VksPay's own interface has made: the last part of its code. Empty for other
     * codes.
     */
    static Optional<String> gatewayNo(String code) {
        var at = code.lastIndexOf('/');
        return code.contains("/simulator/vkspay/q/") && code.substring(at + 1).matches("\\d{20}")
                ? Optional.of(code.substring(at + 1))
                : Optional.empty();
    }

    /** The numbers for which faults were set. */
    Set<String> withFaults() {
        return Set.copyOf(withFaults);
    }

    /** The faults of this order from now on. */
    void setFaults(String number, Collection<String> faults) {
        var list = Json.createArrayBuilder();
        faults.forEach(list::add);
        withFaults.add(number);
        var body = Json.createObjectBuilder().add("out_trade_no", number).add("faults", list);
        var answer = node.simulator("dial", body.build().toString());
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
    }

    /** The payer's wallet opens a code and pays; false if that is not possible (any more). */
    boolean pay(String code) {
        if (code.startsWith(OF_DOUYIN)) return payAtDouyin(code);
        var shown = behind(code);
        return !shown.isEmpty() && wallet("pay", shown);
    }

    /**
     * The wallet page's code of what the payer opens. An address of an epay site's cashier is opened first: only this
     * makes the order there. Empty if the site refuses it.
     */
    private String behind(String code) {
        var cashier = code.indexOf("/simulator/vkspay/epay/");
        if (cashier < 0) return code;
        var answer = send(HttpRequest.newBuilder(node.base().resolve(code.substring(cashier)))
                .build());
        var page = answer.headers().firstValue("Location").orElse("");
        var at = page.indexOf("code=");
        return at < 0 ? "" : URLDecoder.decode(page.substring(at + "code=".length()), StandardCharsets.UTF_8);
    }

    /** The payer's wallet opens a code without paying. */
    void open(String code) {
        if (code.startsWith(OF_DOUYIN)) return; // it was opened by the client's call
        send(HttpRequest.newBuilder(node.base().resolve("/simulator/wallet?code=" + encoded(behind(code))))
                .build());
    }

    private boolean wallet(String call, String code) {
        var answer = send(HttpRequest.newBuilder(node.base().resolve("/simulator/wallet/" + call))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("code=" + encoded(code)))
                .build());
        return answer.statusCode() == 303
                && !answer.headers().firstValue("Location").orElse("").contains("said=too-late");
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Decides the refunds that wait for a decision in the provider's console: they succeed. */
    void finishSlowRefunds(String[] merchantNumbers) {
        var waiting = Sql.of(node.dbUrl(), """
                select r.number
                from sim_wechat_refund r
                join sim_account a on a.id = r.account_id
                where r.state = 'PROCESSING' and r.settles_at is null and a.mch_no = any (?)
                """, row -> row.getString(1), (Object) merchantNumbers);
        for (var number : waiting) {
            var body = Json.createObjectBuilder().add("out_refund_no", number).add("status", "SUCCESS");
            node.simulator("refund", body.build().toString());
        }
        var ofCoins = Sql.of(node.dbUrl(), """
                select r.number
                from sim_virtual_refund r
                join sim_account a on a.id = r.account_id
                where r.state = 'PROCESSING' and r.settles_at is null and a.mch_no = any (?)
                """, row -> row.getString(1), (Object) merchantNumbers);
        for (var number : ofCoins) {
            var body = Json.createObjectBuilder().add("refund_order_id", number).add("status", "SUCCESS");
            node.simulator("wxpay-virtual/refund", body.build().toString());
        }
        var atDouyin = Sql.of(node.dbUrl(), """
                select r.out_refund_no
                from sim_douyin_refund r
                join sim_account a on a.id = r.account_id
                where r.state = 'PROCESSING' and r.settles_at is null and a.mch_no = any (?)
                """, row -> row.getString(1), (Object) merchantNumbers);
        for (var number : atDouyin) {
            var body = Json.createObjectBuilder().add("out_refund_no", number).add("status", "SUCCESS");
            node.simulator("douyin/refund", body.build().toString());
        }
    }

    /**
     * An order as a provider stores it.
     *
     * @param number the attempt's or, where the provider gives the order another one, that one
     */
    record Trade(
            UUID id,
            String provider,
            String merchantNo,
            String number,
            String state,
            long amount,
            long reported,
            String transactionId,
            Instant paidAt) {
        boolean paid() {
            return paidAt != null;
        }

        @Override
        public String toString() {
            return provider + " " + number + " " + state + (paid() ? " paid " + paidAt + " " : " unpaid ") + amount
                    + (reported == amount ? "" : " reported as " + reported) + " transaction " + transactionId;
        }
    }

    /**
     * What the providers have stored about some merchants.
     *
     * @param acknowledged for each trade, how many different notifications about it we acknowledged
     */
    record Records(List<Trade> trades, List<Refund> refunds, Map<UUID, Integer> acknowledged) {}

    Records read(String[] merchantNumbers) {
        return new Records(trades(merchantNumbers), refunds(merchantNumbers), acknowledged(merchantNumbers));
    }

    List<Trade> trades(String[] merchantNumbers) {
        return Sql.of(
                node.dbUrl(),
                """
                select t.*, case t.provider when 'douyin' then a.app_id else a.mch_no end as merchant_no,
                    coalesce(replace(p.token, '-', ''), t.number) as our_number
                from sim_trade t
                join sim_account a on a.id = t.account_id
                left join sim_apple_purchase p on p.trade_id = t.id
                where a.mch_no = any (?) and t.number not like 'OPEN\\_%'
                order by t.created_at
                """,
                row -> new Trade(
                        Sql.id(row, "id"),
                        row.getString("provider"),
                        row.getString("merchant_no"),
                        row.getString("our_number"),
                        row.getString("state"),
                        row.getLong("amount"),
                        row.getLong("reported"),
                        row.getString("transaction_id"),
                        Sql.instant(row, "paid_at")),
                (Object) merchantNumbers);
    }

    /** For each trade, how many different notifications about it we acknowledged. */
    private Map<UUID, Integer> acknowledged(String[] merchantNumbers) {
        var counts = new TreeMap<UUID, Integer>();
        Sql.of(node.dbUrl(), """
                select n.trade_id, count(distinct (n.refund_id, n.refund_state))
                from sim_notice n
                join sim_trade t on t.id = n.trade_id
                join sim_account a on a.id = t.account_id
                where a.mch_no = any (?) and not n.forged
                    and (n.answer = 'success' or t.provider = 'wxpay' and n.status in (200, 204)
                        or t.provider = 'wxpay-virtual' and n.status = 200
                        or t.provider = 'douyin' and n.status = 200 and n.answer like '%"err_no":0%'
                        or t.provider = 'appleiap' and n.status between 200 and 206)
                group by n.trade_id
                """, row -> Map.entry(Sql.id(row, "trade_id"), row.getInt(2)), (Object) merchantNumbers)
                .forEach(e -> counts.put(e.getKey(), e.getValue()));
        return counts;
    }

    /**
     * A refund as a provider stores it, in any state.
     *
     * @param number ours; empty where the provider knows none
     */
    record Refund(String provider, String merchantNo, UUID trade, String number, long amount, String state) {
        @Override
        public String toString() {
            return provider + " refund " + number + " " + amount + " " + state;
        }
    }

    /** Alipay's refunds that failed after they were accepted are HIDDEN: no query shows them. */
    List<Refund> refunds(String[] merchantNumbers) {
        return Sql.of(
                node.dbUrl(),
                """
                select 'wxpay' as provider, a.mch_no, r.trade_id, r.number, r.amount, r.state
                from sim_wechat_refund r
                join sim_account a on a.id = r.account_id
                where a.mch_no = any (?)
                union all
                select 'alipay', a.mch_no, r.trade_id, r.request_no, r.amount,
                    case when r.shown then 'SUCCESS' else 'HIDDEN' end
                from sim_alipay_refund r
                join sim_trade t on t.id = r.trade_id
                join sim_account a on a.id = t.account_id
                where a.mch_no = any (?) and r.reason <> 'cancelled'
                union all
                select 'vkspay', a.mch_no, r.trade_id, r.out_refund_no, r.amount, r.state
                from sim_vkspay_refund r
                join sim_trade t on t.id = r.trade_id
                join sim_account a on a.id = t.account_id
                where a.mch_no = any (?)
                union all
                select 'wxpay-virtual', a.mch_no, r.trade_id, r.number, r.amount, r.state
                from sim_virtual_refund r
                join sim_account a on a.id = r.account_id
                where a.mch_no = any (?)
                union all
                select 'douyin', a.app_id, r.trade_id, r.out_refund_no, r.amount, r.state
                from sim_douyin_refund r
                join sim_account a on a.id = r.account_id
                where a.mch_no = any (?)
                """,
                row -> new Refund(
                        row.getString(1),
                        row.getString(2),
                        Sql.id(row, "trade_id"),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6)),
                merchantNumbers,
                merchantNumbers,
                merchantNumbers,
                merchantNumbers,
                merchantNumbers);
    }
}
