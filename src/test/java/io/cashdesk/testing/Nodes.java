package io.cashdesk.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The nodes of a test JVM; the one that many tests share is started once. */
public final class Nodes {
    private static final List<Node> ALL = new ArrayList<>();
    private static Node shared;

    private Nodes() {}

    /** One node that every test may use and none may stop. It has a demo shop as soon as its file is written. */
    public static synchronized Node shared() {
        if (shared == null) {
            shared = TestLoop.opened()
                    .map(TestLoop::deployed)
                    .orElseGet(() -> start(sharedName(), TestDatabase.fresh(), null, sharedSettings()));
        }
        return shared;
    }

    private static String sharedName() {
        return System.getProperty("shared.node", "shared");
    }

    static Map<String, String> sharedSettings() {
        var demo = Path.of("target/" + sharedName() + "-demo.properties");
        return Map.of("CASHDESK_DEMO_FILE", demo.toAbsolutePath().toString());
    }

    /** @param baseUrl the public address, or null for the node's own */
    public static Node start(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        return stopped(name, dbUrl, baseUrl, more).start();
    }

    /** A node that a test starts when it needs it; with the same parameters as {@link #start}. */
    public static Node stopped(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        var node = new Node(name, dbUrl, baseUrl, more);
        synchronized (Nodes.class) {
            ALL.add(node);
        }
        return node;
    }

    /** SIGKILL to every node; waits for one that is just starting. */
    public static synchronized void killAll() {
        ALL.forEach(Node::kill);
    }
}
