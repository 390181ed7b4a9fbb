package io.cashdesk.provider;

import java.net.URI;
import java.util.Set;

/**
 * What a merchant can configure at a provider: the columns of a {@code vk-pay-config} row (docs/api.md, "Management
 * API").
 *
 * @param nodes every node that there may be, also one that no product uses yet: "h5", "transfer"; an empty name alone:
 *     the provider has one node, which is the column itself
 * @param secrets the keys of a node whose values are secret: they are taken out of every message about a node
 * @param gateway the provider's own address, for nodes that name no {@code gateway}
 * @param addresses the keys of a node that are addresses like {@code gateway}, and have to be as safe as it is
 */
public record Configuration(Set<String> nodes, Set<String> secrets, URI gateway, Set<String> addresses) {
    /** Of a provider whose nodes have no address but {@code gateway}. */
    public Configuration(Set<String> nodes, Set<String> secrets, URI gateway) {
        this(nodes, secrets, gateway, Set.of());
    }

    /** Whether the provider's column is its only node. */
    public boolean oneNode() {
        return nodes.equals(Set.of(""));
    }

    /** A node as messages name it: {@code alipay.h5}, or the provider's name alone where its column is the node. */
    public static String nameOf(Object provider, String node) {
        return node.isEmpty() ? provider.toString() : provider + "." + node;
    }
}
