package io.cashdesk.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTTP/1.1 over a socket: request targets and header lines that Java's own client refuses to send. */
public final class RawHttp {
    private static final int TIMEOUT_MS = 60_000;

    private final int port;

    /** @param port on this machine */
    public RawHttp(int port) {
        this.port = port;
    }

    /** An answer: its status, its header lines and, below an empty line, its body. */
    public record Answer(int status, String text) {
        /** The value of the first line of this header; empty if there is none. */
        public String header(String name) {
            return text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    public Answer get(String target, String... headers) {
        return send("GET", target, "", headers);
    }

    /** @param headers whole lines, Host among them; none is added but the length of a body, and Connection */
    public Answer send(String method, String target, String body, String... headers) {
        return sendLine(method + " " + target + " HTTP/1.1", body, headers);
    }

    /** @param line the whole request line */
    public Answer sendLine(String line, String body, String... headers) {
        var head = new StringBuilder(line).append("\r\n");
        for (var header : headers) head.append(header).append("\r\n");
        var content = body.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0)
            head.append("Content-Length: ").append(content.length).append("\r\n");
        head.append("Connection: close\r\n\r\n");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            var out = socket.getOutputStream();
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            out.write(content);
            out.flush();
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (text.isEmpty()) throw new IOException("no answer to " + List.of(headers));
            return new Answer(Integer.parseInt(text.split(" ", 3)[1]), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
