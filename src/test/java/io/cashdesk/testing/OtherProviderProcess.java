package io.cashdesk.testing;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The provider server that is not our WAR, in a process of its own. */
public final class OtherProviderProcess implements AutoCloseable {
    private final Process process;
    private final URI base;

    private OtherProviderProcess(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    public static OtherProviderProcess start() {
        try {
            var port = TestRun.freePort();
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var process = new ProcessBuilder(
                            java,
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.cashdesk.otherprovider.OtherProvider",
                            Integer.toString(port))
                    .redirectErrorStream(true)
                    .start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (var line = out.readLine(); ; line = out.readLine()) {
                if (line == null) throw new IllegalStateException("the other provider did not start");
                if (line.equals("ready")) break;
            }
            return new OtherProviderProcess(process, URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A node of configuration: "wxpay-keys", "wxpay-certificates", "alipay-keys", "alipay-certificates". */
    public JsonObject account(String kind) {
        return get("accounts").json().getJsonObject(kind);
    }

    public Node.Answer get(String control) {
        return Node.send(
                HttpRequest.newBuilder(base.resolve("/control/" + control)).build());
    }

    /** A merchant on this node who is paid through this provider. */
    public String liveMerchant(Node node, String pid, boolean certificates) {
        var mode = certificates ? "-certificates" : "-keys";
        var key = node.merchant(pid, "live");
        var answer = node.manage(
                "PUT",
                "merchants/" + pid + "/providers",
                Json.createObjectBuilder()
                        .add("wxpay", Json.createObjectBuilder().add("h5", account("wxpay" + mode)))
                        .add("alipay", Json.createObjectBuilder().add("h5", account("alipay" + mode))));
        if (answer.status() != 200) throw new AssertionError(answer.body());
        return key;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
