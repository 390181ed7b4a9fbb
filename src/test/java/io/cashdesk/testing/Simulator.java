package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Duration;

/** The controls of a node's simulated providers: what payers and providers do, as a test decides. */
public record Simulator(Node node) {
    /** @param body JSON, or null to send a GET */
    public Node.Answer call(String control, String body) {
        var answer = node.simulator(control, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    /** The payer pays the order that has this number at its provider. */
    public void pay(String number) {
        assertThat(call("pay", "{\"out_trade_no\":\"" + number + "\"}").json().getBoolean("paid"))
                .isTrue();
    }

    /** @param fault the name of the only fault of the simulator for this number from now on */
    public void setFault(String number, String fault) {
        call("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + fault + "\"]}");
    }

    /** @param faults the names of all faults of the simulator for this number from now on */
    public void setFaults(String number, String... faults) {
        call("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + String.join("\",\"", faults) + "\"]}");
    }

    public void clearFaults(String number) {
        call("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[]}");
    }

    /** Moves everything about this number into the past. */
    public void age(String number, Duration by) {
        call("age", "{\"out_trade_no\":\"" + number + "\",\"seconds\":" + by.toSeconds() + "}");
    }

    /** What the provider has stored about this number: its state, refunds and notifications. */
    public JsonObject records(String number) {
        return call("books?out_trade_no=" + number, null).json();
    }
}
