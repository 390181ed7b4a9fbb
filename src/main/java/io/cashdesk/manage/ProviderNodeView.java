package io.cashdesk.manage;

import io.cashdesk.account.Circuits;
import java.net.URI;
import java.util.Optional;

/**
 * One configured account at a provider as an operator reads it: never a secret.
 *
 * @param name {@code <provider>.<node>}, as in a {@code vk-pay-config} row
 * @param fingerprint a hash of all its values, so that two servers can be compared
 * @param notifyUrl where this server takes the provider's notifications about it
 * @param circuit how the calls of this server to it went in the last minute; empty if there were none
 */
record ProviderNodeView(String name, String fingerprint, URI notifyUrl, Optional<Circuits.Seen> circuit) {}
