package io.cashdesk.testing;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The nodes of a test JVM; the one that many tests share is started once. */
public final class Nodes {
    private static final Collection<Node> ALL = new ConcurrentLinkedQueue<>();
    private static volatile boolean closing;
    private static Node shared;

    private Nodes() {}

    /** One node that every test may use and none may stop. It has a demo shop as soon as its file is written. */
    public static synchronized Node shared() {
        if (shared == null) {
            shared = TestLoop.opened()
                    .map(TestLoop::deployed)
                    .orElseGet(() -> start(ofThisJvm("shared"), TestDatabase.fresh(), null, sharedSettings()));
        }
        return shared;
    }

    /** The name of a node of which each test JVM has one. */
    static String ofThisJvm(String name) {
        return name + System.getProperty("jvm.suffix", "");
    }

    static Map<String, String> sharedSettings() {
        var demo = TestRun.directory().resolve(ofThisJvm("shared") + "-demo.properties");
        return Map.of("CASHDESK_DEMO_FILE", demo.toString());
    }

    /** @param baseUrl the public address, or null for the node's own */
    public static Node start(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        return stopped(name, dbUrl, baseUrl, more).start();
    }

    /** A node that a test starts when it needs it; with the same parameters as {@link #start}. */
    public static Node stopped(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        var node = new Node(name, dbUrl, baseUrl, more);
        ALL.add(node);
        return node;
    }

    /** SIGKILL to every node, also to one that is just starting. None can be started any more. */
    public static void killAll() {
        closing = true; // before the loop: a node checks it after it has made its process
        ALL.forEach(Node::kill);
    }

    static boolean closing() {
        return closing;
    }
}
