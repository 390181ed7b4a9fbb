package io.cashdesk.run;

import io.cashdesk.ground.setting.InvalidSetting;
import io.cashdesk.ground.setting.Settings;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * {@code mvn -Prun}: a database, a server, a demo merchant, with one line printed for each step, and at the end what a
 * newcomer needs ({@link ReadyBox}). What PostgreSQL and the server print goes to their logs in the data directory.
 * Ctrl-C stops the server first and its database after it.
 */
public final class Run {
    private final Path home;
    private final Path war;
    private final Path data;
    private Database database;
    private Server server;

    private Run(Path home, Path war, Path data) {
        this.home = home;
        this.war = war;
        this.data = data;
    }

    public static void main(String[] args) throws Exception {
        var run = new Run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
        try {
            run.start();
            run.server.process().waitFor();
        } catch (Sentence | InvalidSetting why) {
            System.err.println("Cashdesk cannot start. " + why.getMessage());
            System.exit(1); // an exception would make Maven print a page about itself
        }
    }

    private void start() throws Exception {
        int port = port();
        step("Application server built: " + home);
        ownData();
        var secrets = Secrets.in(data.resolve("secrets.properties"));
        database = Database.open(data, environment("DB_URL"));
        database.check(data);
        step("Database ready: " + database.description());
        var environment = new HashMap<String, String>();
        environment.put("CASHDESK_DB_URL", database.url());
        environment.put("CASHDESK_BASE_URL", environment("BASE_URL").orElse("http://localhost:" + port));
        // this launcher calls its server there, whatever the public address is
        environment.put("CASHDESK_HOSTS", environment("HOSTS").map(h -> h + ",").orElse("") + "localhost:" + port);
        environment.put("CASHDESK_HTTP_PORT", Integer.toString(port));
        environment.put(
                "CASHDESK_SIMULATOR_PORT", environment("SIMULATOR_PORT").orElse(Integer.toString(Ports.free())));
        environment.put("CASHDESK_MASTER_KEY", secrets.random("MASTER_KEY"));
        environment.put("CASHDESK_MANAGE_TOKEN", secrets.random("MANAGE_TOKEN"));
        environment.put("CASHDESK_DEVELOPMENT", environment("DEVELOPMENT").orElse("true"));
        environment.put("CASHDESK_DEMO_FILE", data.resolve("demo.properties").toString());
        var settings = new Settings(name -> environment.getOrDefault(name, System.getenv(name)));
        settings.check();
        var base = settings.baseUrl();
        server = Server.start(new Server.Plan(
                home,
                home.resolve("standalone"),
                Optional.of(war),
                environment("BIND").orElse("127.0.0.1"),
                port,
                Ports.free(),
                data.resolve("server.log"),
                environment));
        server.awaitReady(() -> step("Application server ready: port " + port + ", log " + data.resolve("server.log")));
        step("Database migrated: " + database.migrations());
        step("Cashdesk deployed: " + base);
        var token = environment.get("CASHDESK_MANAGE_TOKEN");
        var shop = demoMerchant(base, token);
        step("Demo merchant ready");
        var shown = secrets.shown("MANAGE_TOKEN");
        System.out.println(
                new ReadyBox(base, settings.development(), shown, shop, testAccounts(token), data, number()).text());
    }

    private List<JsonObject> testAccounts(String token) throws Exception {
        return manage(server.base(), "GET", "/api/manage/merchants/demo/test-accounts", token, null)
                .getJsonArray("accounts")
                .getValuesAs(JsonObject.class);
    }

    /** A number for the first order; another one at each start, because the orders are kept. */
    private static String number() {
        return "T" + DateTimeFormatter.ofPattern("yyyyMMddHHmmss").format(LocalDateTime.now(ZoneId.systemDefault()));
    }

    private static void step(String done) {
        System.out.println(done);
    }

    private static int port() throws Sentence {
        int port = new Settings().httpPort();
        if (!Ports.isFree(port)) {
            throw new Sentence(
                    "Port " + port + " is in use; stop what listens there or set CASHDESK_HTTP_PORT to another.");
        }
        return port;
    }

    private void ownData() throws IOException, Sentence {
        try {
            Files.createDirectories(data);
            var probe = Files.createTempFile(data, "probe", "");
            Files.delete(probe);
        } catch (AccessDeniedException e) {
            throw new Sentence(data + " belongs to " + Files.getOwner(data) + "; run as that user or remove it.");
        }
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv("CASHDESK_" + name)).filter(s -> !s.isBlank());
    }

    /** The demo shop's merchant, through the management API like any other merchant's. */
    private ReadyBox.Shop demoMerchant(String base, String token) throws Exception {
        var local = server.base();
        var remembered = Secrets.in(data.resolve("demo.properties"));
        manage(
                local,
                "PUT",
                "/api/manage/merchants/demo",
                token,
                Json.createObjectBuilder()
                        .add("name", "演示商店")
                        .add(
                                "contact",
                                Json.createObjectBuilder()
                                        .add("phone", "010-0000 0000")
                                        .add("email", "service@shop.example"))
                        .add("return_urls", Json.createArrayBuilder().add(base + "/demo/"))
                        .build());
        var hook = Json.createObjectBuilder().add("url", base + "/demo/webhook").add("mode", "test");
        var answer = manage(local, "PUT", "/api/manage/merchants/demo/webhooks/demo-shop", token, hook.build());
        var key = remembered.get("key");
        if (key == null || !works(local, key)) {
            var wish = Json.createObjectBuilder()
                    .add("mode", "test")
                    .add("name", "demo shop")
                    .build();
            key = manage(local, "POST", "/api/manage/merchants/demo/keys", token, wish)
                    .getString("key");
        }
        remembered.put("base_url", base);
        remembered.put("pid", "demo");
        remembered.put("key", key);
        remembered.put("webhook_secret", answer.getString("secret"));
        return new ReadyBox.Shop("demo", key, answer.getString("secret"));
    }

    private static boolean works(URI base, String key) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve("/api/pay/queryPayment"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"out_trade_no\":\"key-probe\"}"))
                .build();
        return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                != 401;
    }

    /** @param body null for GET */
    private static JsonObject manage(URI base, String method, String path, String token, JsonObject body)
            throws IOException, InterruptedException, Sentence {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new Sentence(
                    "The demo merchant could not be made: " + method + " " + path + " answered " + answer.body());
        }
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    private void stop() {
        if (server != null) server.close();
        try {
            if (database != null) database.close();
        } catch (IOException e) {
            System.err.println("PostgreSQL did not stop cleanly: " + e.getMessage());
        }
    }
}
