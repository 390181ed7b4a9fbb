package io.cashdesk.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Before the first test: sets the properties of arquillian.xml. After the last: stops everything that was started. */
public class TestRun implements LauncherSessionListener {
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 32_000;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Output.install();
        Timings.begin();
        if (System.getProperty("jboss.home") == null) return; // unit tests need no server and no database
        System.setProperty("it.db.url", TestDatabase.fresh());
        System.setProperty("it.http.port", Integer.toString(freePort()));
        System.setProperty("it.management.port", Integer.toString(freePort()));
        System.setProperty("it.simulator.port", Integer.toString(freePort()));
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        Nodes.killAll();
        TestDatabase.close();
        Timings.end(Progress.CONSOLE);
    }

    /**
     * A port on which nothing listens. Not one of those that systems give to outgoing connections (from 32768 on
     * Linux), because a server that is killed and started again must find its port free.
     */
    public static int freePort() {
        for (int i = 0; i < 1_000; i++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException inUse) {
                // the next one, then
            }
        }
        throw new IllegalStateException("no free port from " + FIRST_PORT + " to " + LAST_PORT);
    }
}
