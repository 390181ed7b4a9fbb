package io.cashdesk.otherprovider;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The accounts and orders of both providers. */
final class State {
    /** By merchant number and by application id. */
    final Map<String, Account> accounts = new ConcurrentHashMap<>();

    final Map<String, Order> orders = new ConcurrentHashMap<>();

    /** What the next calls that make an order under this number get instead of a prompt; see {@link Outcome}. */
    final Map<String, Queue<Outcome>> outcomes = new ConcurrentHashMap<>();

    /** The numbers of all calls that would make an order, in their order. */
    final Queue<String> created = new ConcurrentLinkedQueue<>();

    /** How long a provider takes to answer a call that makes an order. */
    volatile long delayMillis;

    /** Notes a call that would make an order under this number; what is to come of it. */
    Outcome outcomeOf(String number) {
        created.add(number);
        var next = outcomes.getOrDefault(number, new ConcurrentLinkedQueue<>()).poll();
        return next == null ? Outcome.PROMPT : next;
    }
}
