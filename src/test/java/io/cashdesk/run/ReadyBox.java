package io.cashdesk.run;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code mvn -Prun} prints last: everything that a newcomer needs, in ASCII and within 100 columns, unless a path
 * or an address is longer. It is printed and never logged, because it contains keys. There are no vertical lines, so
 * that what is copied from it is right.
 *
 * @param base the public address
 * @param development {@code CASHDESK_DEVELOPMENT}, without which there is no list of simulated orders
 * @param manageToken the bearer token of the management API, or where it comes from
 * @param shop the demo merchant: "pid", "key" and "webhook_secret"
 * @param accounts the merchant's accounts at the simulated providers, as {@code GET …/test-accounts} answers them
 * @param data where the logs, the database and the secrets are
 * @param number an {@code out_trade_no} that was not used before
 */
record ReadyBox(
        String base,
        boolean development,
        String manageToken,
        Shop shop,
        List<JsonObject> accounts,
        Path data,
        String number) {
    static final int WIDTH = 100;

    private static final String FRAME = "=".repeat(WIDTH);
    private static final int NAMES = 18;

    /** The demo shop's merchant. */
    record Shop(String pid, String key, String webhookSecret) {}

    String text() {
        var lines = new ArrayList<String>();
        lines.add(FRAME);
        lines.add("Cashdesk is ready: " + base + "/demo/");
        lines.add("");
        lines.add(line("shop", base + "/demo/"));
        lines.add(line(
                "simulator",
                development
                        ? base + "/simulator/  (wallets and orders of the simulated providers)"
                        : "its list of orders is off, because CASHDESK_DEVELOPMENT=false"));
        lines.add(line("API", base + "/api/pay/, management " + base + "/api/manage/"));
        lines.add("");
        lines.add(line("pid", shop.pid()));
        lines.add(line("test key", shop.key()));
        lines.add(line("management token", manageToken));
        lines.add(line("webhook secret", shop.webhookSecret() + "  (of the demo shop)"));
        for (var account : accounts) {
            lines.add("");
            lines.addAll(lines(account));
        }
        lines.add("");
        lines.add(line("log", data.resolve("server.log").toString()));
        lines.add(line("data", data + "  (delete it to begin again)"));
        lines.add(line("next", "docs/first-hour.md"));
        lines.add(line("stop", "Ctrl-C"));
        lines.add("");
        lines.add("A first order:");
        lines.add("");
        lines.addAll(firstCall());
        lines.add(FRAME);
        return String.join("\n", lines);
    }

    /** A command that works as it is. */
    private List<String> firstCall() {
        return List.of(
                "curl -s " + base + "/api/pay/createPayment \\",
                "  -H 'Authorization: Bearer " + shop.key() + "' \\",
                "  -H 'Content-Type: application/json' -d '",
                "  {\"provider\": \"wxpay\", \"needQRcode\": true, \"data\": {\"out_trade_no\": \"" + number + "\",",
                "   \"total_fee\": 990, \"subject\": \"Tea\", \"type\": \"goods\"}}'");
    }

    private static String line(String name, String value) {
        return name + " ".repeat(Math.max(1, NAMES - name.length())) + value;
    }

    private static List<String> lines(JsonObject account) {
        var lines = new ArrayList<String>();
        var nodes = account.getJsonArray("nodes").getValuesAs(JsonString::getString);
        lines.add(line(account.getString("provider"), "test account of the nodes " + String.join(", ", nodes)));
        account.forEach((name, value) -> {
            var note = name.equals("subMerchants") ? "  (data.sub_mchid, CloudPay's subMchId)" : "";
            if (!List.of("provider", "nodes", "payers").contains(name))
                lines.add(line("  " + name, shown(value) + note));
        });
        for (var payer : account.getJsonArray("payers").getValuesAs(JsonObject.class)) {
            payer.forEach((name, value) -> {
                if (!name.equals("name")) {
                    lines.add(line(
                            "  " + name,
                            shown(value) + "  (payer " + payer.getString("name")
                                    + kind(account.getString("provider"), name) + ")"));
                }
            });
        }
        return lines;
    }

    /** Alipay knows a payer by one of two ids, whose names differ in one letter. */
    private static String kind(String provider, String name) {
        if (!provider.equals("alipay")) return "";
        return name.equals("openid") ? ": the user id" : name.equals("openId") ? ": the open id" : "";
    }

    private static String shown(JsonValue value) {
        return switch (value.getValueType()) {
            case STRING -> ((JsonString) value).getString();
            case ARRAY -> value.asJsonArray().stream().map(ReadyBox::shown).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }
}
