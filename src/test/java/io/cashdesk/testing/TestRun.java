package io.cashdesk.testing;

import io.cashdesk.provider.ContractTable;
import io.cashdesk.run.Ports;
import java.nio.file.Path;
import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Before the first test: sets the properties of arquillian.xml. After the last: stops everything that was started. */
public class TestRun implements LauncherSessionListener {
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
        System.setProperty(
                "it.base", Node.directory(Nodes.ofThisJvm("in-container")).toString());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        Nodes.killAll();
        TestDatabase.close();
        if (Timings.end(Progress.CONSOLE)) ContractTable.print(Progress.CONSOLE);
    }

    /** Where a run of the tests puts its files: {@code target}, or {@code .loop} with {@code mvn -Ploop}. */
    public static Path directory() {
        var server = System.getProperty("jboss.home");
        return server == null
                ? Path.of("target").toAbsolutePath()
                : Path.of(server).toAbsolutePath().getParent();
    }

    public static int freePort() {
        return Ports.free();
    }
}
