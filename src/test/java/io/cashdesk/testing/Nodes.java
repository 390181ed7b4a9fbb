package io.cashdesk.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The nodes of a test JVM; the one that many tests share is started once. */
public final class Nodes {
    private static final List<Node> STARTED = new ArrayList<>();
    private static Node shared;

    private Nodes() {}

    /** One node that every test may use and none may stop. */
    public static synchronized Node shared() {
        if (shared == null) {
            var jvm = System.getProperty("test.jvm", "1");
            shared = start("shared-" + jvm, TestDatabase.fresh(), null, Map.of());
        }
        return shared;
    }

    /** @param baseUrl the public address, or null for the node's own */
    public static synchronized Node start(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        var node = new Node(name, dbUrl, baseUrl, more);
        STARTED.add(node);
        return node.start();
    }

    /** SIGKILL to every node; waits for one that is just starting. */
    public static synchronized void killAll() {
        STARTED.forEach(Node::kill);
    }
}
