package io.cashdesk.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** A TCP proxy between a node and its PostgreSQL that can break the connection during a commit. */
public final class DatabaseProxy implements AutoCloseable {
    /** The driver's first commit on a connection, which names the statement for all later ones. */
    private static final Pattern FIRST_COMMIT = Pattern.compile("P....(S_\\d+)?\0COMMIT\0", Pattern.DOTALL);

    private final ServerSocket server;
    private final int database;
    private final Set<Cable> cables = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> cutCommitOf = new AtomicReference<>();

    public DatabaseProxy(int database) {
        this.database = database;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /**
     * The next commit of a transaction in which this text is a parameter is executed by the database, and its answer is
     * lost. Other transactions, of background jobs for instance, are not touched.
     */
    public void cutNextCommitOf(String parameter) {
        cutCommitOf.set(parameter);
    }

    /** Whether that commit has been executed. */
    public boolean cut() {
        return cutCommitOf.get() == null;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var node = server.accept();
                try {
                    new Cable(node, new Socket(InetAddress.getLoopbackAddress(), database)).connect();
                } catch (IOException nobodyThere) {
                    node.close();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "database-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Step {
        void with(byte[] bytes, int length) throws IOException;
    }

    private final class Cable {
        private final Socket node;
        private final Socket postgres;
        private volatile String commit;
        private volatile boolean cutting;

        /** Only the thread that reads from the node uses it: the parameter was sent since the last commit. */
        private boolean concerned;

        Cable(Socket node, Socket postgres) {
            this.node = node;
            this.postgres = postgres;
            cables.add(this);
        }

        void connect() {
            daemon(() -> pump(node, (bytes, length) -> {
                look(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
                postgres.getOutputStream().write(bytes, 0, length);
            }));
            daemon(() -> pump(postgres, (bytes, length) -> {
                if (cutting) throw new IOException("cut");
                node.getOutputStream().write(bytes, 0, length);
            }));
        }

        private void look(String words) {
            var first = FIRST_COMMIT.matcher(words);
            var commits = first.find();
            if (commits && first.group(1) != null) commit = first.group(1);
            if (!commits) commits = commit != null && words.contains("\0" + commit + "\0");
            var parameter = cutCommitOf.get();
            if (parameter != null && words.contains(parameter)) concerned = true;
            if (!commits) return;
            if (concerned && parameter != null && cutCommitOf.compareAndSet(parameter, null)) cutting = true;
            concerned = false;
        }

        private void pump(Socket from, Step step) {
            var bytes = new byte[64 * 1024];
            try {
                for (int n = from.getInputStream().read(bytes);
                        n >= 0;
                        n = from.getInputStream().read(bytes)) {
                    step.with(bytes, n);
                }
            } catch (IOException gone) {
                // closed below, on both sides
            } finally {
                close();
            }
        }

        void close() {
            cables.remove(this);
            for (var socket : new Socket[] {node, postgres}) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cables.forEach(Cable::close);
    }
}
