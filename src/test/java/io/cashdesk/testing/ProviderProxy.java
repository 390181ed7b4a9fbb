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

/**
 * A TCP proxy between us and a provider. While it is suspended it accepts connections and drops everything that is
 * sent.
 */
public final class ProviderProxy implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger dropped = new AtomicInteger();
    private final ServerSocket here;
    private final URI there;
    private volatile boolean suspended;

    public ProviderProxy(URI there) {
        this.there = there;
        try {
            here = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** The provider's address, through this proxy. */
    public String address() {
        return "http://127.0.0.1:" + here.getLocalPort() + there.getPath();
    }

    /** Drops everything from now on; {@link #resume} closes the open connections. */
    public void suspend() {
        suspended = true;
    }

    public void resume() {
        suspended = false;
        open.forEach(ProviderProxy::close);
    }

    /** How many packets of requests were dropped. */
    public int dropped() {
        return dropped.get();
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
                if (!suspended) {
                    out.write(some, 0, n);
                    out.flush();
                } else if (requests) {
                    dropped.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // by the other side, or by close()
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
        open.forEach(ProviderProxy::close);
        threads.shutdownNow();
    }
}
