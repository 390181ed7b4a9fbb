package io.cashdesk.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between us and a provider: it can go quiet, so that everything sent is swallowed, and come back. */
public final class Wire implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger swallowed = new AtomicInteger();
    private final ServerSocket here;
    private final URI there;
    private volatile boolean quiet;

    public Wire(URI there) {
        this.there = there;
        try {
            here = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** The same address, through this wire. */
    public String through() {
        return "http://127.0.0.1:" + here.getLocalPort() + there.getPath();
    }

    /** From now on nothing comes through; connections that are open are cut when it ends. */
    public void goQuiet() {
        quiet = true;
    }

    public void comeBack() {
        quiet = false;
        open.forEach(Wire::close);
    }

    /** How many requests were swallowed. */
    public int swallowed() {
        return swallowed.get();
    }

    private void accept() {
        while (!here.isClosed()) {
            try {
                var client = here.accept();
                var server = new Socket(there.getHost(), there.getPort());
                open.add(client);
                open.add(server);
                threads.execute(() -> copy(client, server, true));
                threads.execute(() -> copy(server, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean requests) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var some = new byte[16_384];
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                if (!quiet) {
                    out.write(some, 0, n);
                    out.flush();
                } else if (requests) {
                    swallowed.incrementAndGet();
                }
            }
        } catch (IOException cut) {
            // by the other side, or by us
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            here.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Wire::close);
        threads.shutdownNow();
    }
}
