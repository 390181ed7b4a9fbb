package io.cashdesk.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
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
        var loop = TestLoop.open();
        System.setProperty("it.running", Boolean.toString(loop.isPresent()));
        System.setProperty("it.db.url", loop.map(TestLoop::dbUrl).orElseGet(TestDatabase::fresh));
        for (var port : List.of("http", "management", "simulator")) {
            var number = loop.map(l -> l.port(port)).orElseGet(TestRun::freePort);
            System.setProperty("it." + port + ".port", number.toString());
        }
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
