package io.cashdesk.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One of the programs of docs/webhooks.md, started as that page says. */
public final class WebhookReceiver implements AutoCloseable {
    /** A program of the page: in which language, as the fence names it, and how it is started. */
    public enum Language {
        NODE("js", "node", "nodejs", "`(PORT=3000 WEBHOOK_SECRET=whsec_… node (webhook\\.mjs))`"),
        PYTHON("python", "python3", "python3", "`(PORT=3000 WEBHOOK_SECRET=whsec_… python3 (webhook\\.py))`"),
        PHP(
                "php",
                "php",
                "php-cli",
                "`(WEBHOOK_SECRET=whsec_… php -d display_errors=0 -S 127\\.0\\.0\\.1:3000 (webhook\\.php))`"),
        JAVA("java", "java", "openjdk-17-jdk-headless", "`(PORT=3000 WEBHOOK_SECRET=whsec_… java (Webhook\\.java))`");

        private final String fence;
        private final String interpreter;
        private final String debianPackage;

        @SuppressWarnings("ImmutableEnumChecker") // a compiled pattern cannot be changed
        private final Pattern command;

        Language(String fence, String interpreter, String debianPackage, String command) {
            this.fence = fence;
            this.interpreter = interpreter;
            this.debianPackage = debianPackage;
            this.command = Pattern.compile(command);
        }

        /** The package of Debian that has its interpreter. */
        public String debianPackage() {
            return debianPackage;
        }

        /** If the interpreter is not installed the test is skipped with a message; with CI=true it fails. */
        public void needed() {
            var there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, interpreter)));
            if (!there && "true".equals(System.getenv("CI"))) {
                throw new AssertionError("CI=true needs " + interpreter + ": install " + debianPackage);
            }
            assumeTrue(there, "The webhook receiver in this language is skipped: install the package " + debianPackage);
        }

        /** The program as the page has it. */
        public String program() throws IOException {
            var block = Pattern.compile("(?s)\n```" + fence + "\n(.*?)\n```\n").matcher(page());
            if (!block.find()) throw new AssertionError("docs/webhooks.md has no program in " + fence);
            return block.group(1) + "\n";
        }

        /** The words of the command, and the file's name last. */
        private List<String> command(int port) throws IOException {
            var found = command.matcher(page());
            if (!found.find()) throw new AssertionError("docs/webhooks.md does not say how " + this + " is started");
            var words = found.group(1).replace(":3000", ":" + port).split(" ");
            return Stream.of(words)
                    .dropWhile(word -> word.matches("[A-Z_]+=.*")) // the environment
                    .toList();
        }

        private static String page() throws IOException {
            return Files.readString(Path.of("docs/webhooks.md"));
        }
    }

    private final Process process;
    private final URI address;
    private final Path output;

    /** Starts it in a directory of its own; returns when it answers. */
    public static WebhookReceiver start(Language language, String secret, Path directory) throws IOException {
        var receiver = new WebhookReceiver(language, secret, directory);
        Eventually.within(Duration.ofSeconds(60), language + " listens", receiver::answers);
        return receiver;
    }

    /**
     * Starts it with a secret that it must not use; returns when it has ended with an error, or answers 500 to a
     * webhook.
     *
     * @param secret null for none
     * @param headers of a webhook that is signed with the key of this secret
     * @return what it has written
     */
    public static String refuse(
            Language language, String secret, Path directory, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        try (var receiver = new WebhookReceiver(language, secret, directory)) {
            Eventually.within(
                    Duration.ofSeconds(60),
                    language + " refuses the secret " + secret,
                    () -> receiver.ended() || receiver.status(body, headers) == 500);
            return receiver.output();
        }
    }

    private boolean ended() {
        return !process.isAlive() && process.exitValue() != 0;
    }

    /** A status of success ends the wait with an error: it has accepted the webhook. -1 if it does not listen. */
    private int status(String body, Map<String, String> headers) {
        try {
            var status = post(body, headers);
            if (status < 300) throw new AssertionError("it answered " + status + " to a webhook that anyone can sign");
            return status;
        } catch (IOException notYet) {
            return -1;
        }
    }

    private WebhookReceiver(Language language, String secret, Path directory) throws IOException {
        Files.createDirectories(directory);
        var port = TestRun.freePort();
        var command = language.command(port);
        Files.writeString(directory.resolve(command.get(command.size() - 1)), language.program());
        output = directory.resolve("output.log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().remove("WEBHOOK_SECRET");
        if (secret != null) builder.environment().put("WEBHOOK_SECRET", secret);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        address = URI.create("http://127.0.0.1:" + port + "/hook");
    }

    private boolean answers() {
        if (!process.isAlive()) throw new AssertionError("it stopped: " + output());
        try {
            return post("{}", Map.of()) == 401;
        } catch (IOException notYet) {
            return false;
        }
    }

    public String url() {
        return address.toString();
    }

    /** What it has written. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Begins a request and sends no more than this of it. */
    public Socket begin(String part) throws IOException {
        var socket = new Socket(address.getHost(), address.getPort());
        socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Sends it a webhook over a connection of its own, because not every receiver keeps one open; its status. */
    public int post(String body, Map<String, String> headers) throws IOException {
        var request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    }
}
