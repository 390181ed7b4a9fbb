package io.cashdesk.otherprovider;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts and orders of both providers. */
final class State {
    /** By merchant number and by application id. */
    final Map<String, Account> accounts = new ConcurrentHashMap<>();

    final Map<String, Order> orders = new ConcurrentHashMap<>();

    /** How long a provider takes to answer a call that makes an order. */
    volatile long delayMillis;
}
