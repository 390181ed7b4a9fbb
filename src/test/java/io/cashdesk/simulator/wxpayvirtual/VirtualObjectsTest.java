package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.Trade;
import jakarta.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Orders and refunds as queries and events show them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualObjectsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    private static VirtualOrder order(String state, String providing) {
        var id = new UUID(0, 1);
        var paidAt = state.equals("SUCCESS") ? NOW : null;
        var trade = new Trade(
                id,
                id,
                "wxpay-virtual",
                "T1234567",
                "c",
                600,
                "gems",
                "",
                "",
                state,
                600,
                "4200",
                Set.of(),
                NOW,
                NOW,
                paidAt);
        return new VirtualOrder(
                trade, new VirtualOrder.Detail(id, "V1", "C1", "o1", 1, "gems", 1, 600, "a", providing, null));
    }

    private static VirtualRefund refund(String state, long amount, boolean acknowledged) {
        var id = new UUID(0, 2);
        var ended = state.equals(VirtualRefund.PROCESSING) ? null : NOW;
        return new VirtualRefund(
                id, id, id, "R1234567", "W1", amount, "", state, state, null, acknowledged, NOW, ended);
    }

    @Test
    void an_order_is_paid_delivering_delivered_refunded_or_closed() {
        assertThat(VirtualObjects.status(order("NOTPAY", ""), 0)).isEqualTo(1);
        assertThat(VirtualObjects.status(order("CLOSED", ""), 0)).isEqualTo(6);
        assertThat(VirtualObjects.status(order("SUCCESS", ""), 0)).isEqualTo(2);
        assertThat(VirtualObjects.status(order("SUCCESS", "DELIVERING"), 0)).isEqualTo(3);
        assertThat(VirtualObjects.status(order("SUCCESS", "DELIVERED"), 599)).isEqualTo(4);
        assertThat(VirtualObjects.status(order("SUCCESS", "DELIVERED"), 600)).isEqualTo(5);
    }

    @Test
    void a_refund_is_in_progress_refunded_acknowledged_or_failed() {
        assertThat(VirtualObjects.status(refund(VirtualRefund.PROCESSING, 1, false)))
                .isEqualTo(1);
        assertThat(VirtualObjects.status(refund(VirtualRefund.SUCCESS, 1, false)))
                .isEqualTo(5);
        assertThat(VirtualObjects.status(refund(VirtualRefund.SUCCESS, 1, true)))
                .isEqualTo(8);
        assertThat(VirtualObjects.status(refund(VirtualRefund.CLOSED, 1, false)))
                .isEqualTo(7);
    }

    @Test
    void what_is_left_counts_refunds_in_progress_and_not_those_that_failed() {
        var refunds = List.of(
                refund(VirtualRefund.PROCESSING, 100, false),
                refund(VirtualRefund.SUCCESS, 50, true),
                refund(VirtualRefund.CLOSED, 400, false));

        var shown = VirtualObjects.payment(order("SUCCESS", ""), refunds);

        assertThat(shown.getInt("left_fee")).isEqualTo(450);
        assertThat(shown.getInt("refund_fee")).isEqualTo(50);
        assertThat(shown.getInt("env_type")).isEqualTo(2);
        assertThat(shown.getInt("paid_fee")).isEqualTo(600);
        assertThat(VirtualObjects.payment(order("NOTPAY", ""), List.of()).getInt("paid_fee"))
                .isZero();
    }

    @Test
    void an_event_as_xml_has_texts_in_cdata_and_objects_as_elements() {
        var event = Json.createObjectBuilder()
                .add("Event", "a]]>b")
                .add("Env", 0)
                .add("CoinInfo", Json.createObjectBuilder().add("Attach", "x"))
                .build();

        assertThat(VirtualPush.xml(event))
                .isEqualTo("<xml><Event><![CDATA[a]]]]><![CDATA[>b]]></Event><Env>0</Env>"
                        + "<CoinInfo><Attach><![CDATA[x]]></Attach></CoinInfo></xml>");
    }
}
