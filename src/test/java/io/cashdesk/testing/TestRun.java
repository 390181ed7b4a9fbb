package io.cashdesk.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Before the first test: sets the properties of arquillian.xml. After the last: stops everything that was started. */
public class TestRun implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Output.install();
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
    }

    public static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
