package io.cashdesk.handler;

import io.cashdesk.order.OrderKey;
import java.util.UUID;

/**
 * One round of tries of the handler of one order, as the table of jobs names it: {@code <merchant>/<order>/<round>}.
 */
record HandlerJob(OrderKey order, int round) {
    static HandlerJob of(String id) {
        var parts = id.split("/", -1);
        if (parts.length != 3) throw new IllegalArgumentException("not the id of a handler's job: " + id);
        var order = new OrderKey(UUID.fromString(parts[0]), UUID.fromString(parts[1]));
        return new HandlerJob(order, Integer.parseInt(parts[2]));
    }

    String id() {
        return order.merchantId() + "/" + order.id() + "/" + round;
    }
}
