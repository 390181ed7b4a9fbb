package io.cashdesk.order;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttemptRequestTest {
    /** As rows of running installations have it: it must never change its meaning. */
    private static final String STORED = "{\"expires_at\":" + NOON.getEpochSecond()
            + ",\"notify_url\":\"https://pay.example/notify/wxpay/7\",\"client_ip\":\"192.0.2.1\",\"openid\":\"o1\""
            + ",\"screen\":\"APP\",\"pay_method\":\"wxpay\",\"sub\":{\"mch_id\":\"19\",\"app_id\":\"wx9\",\"sealed_token\":\"t9\""
            + ",\"masked_token\":\"2021****9c0d\"}"
            + ",\"other\":{\"attach\":\"x\"},\"return_url\":\"https://shop.example/back\"}";

    private static final AttemptRequest REQUEST = new AttemptRequest(
            NOON,
            URI.create("https://pay.example/notify/wxpay/7"),
            new AttemptRequest.Payer("192.0.2.1", "o1", "APP", "wxpay"),
            new AttemptRequest.SubMerchant("19", "wx9", "t9", "2021****9c0d"),
            Optional.of(URI.create("https://shop.example/back")),
            Json.createObjectBuilder().add("attach", "x").build());

    @Test
    void is_stored_as_json_and_read_back_unchanged() {
        assertThat(REQUEST.toJson()).isEqualTo(STORED);
        assertThat(AttemptRequest.parse(STORED)).isEqualTo(REQUEST);
    }

    @Test
    void has_defaults_for_what_earlier_versions_did_not_store() {
        var read = AttemptRequest.parse("{\"expires_at\":1,\"notify_url\":\"https://pay.example/notify/wxpay/7\","
                + "\"client_ip\":\"192.0.2.1\",\"other\":{}}");

        assertThat(read.payer()).isEqualTo(new AttemptRequest.Payer("192.0.2.1", "", "CODE", ""));
        assertThat(read.sub()).isEqualTo(AttemptRequest.SubMerchant.NONE);
        assertThat(read.returnUrl()).isEmpty();
    }

    @Test
    void keeps_the_environment_in_which_it_was_made() {
        var made = new AttemptRequest(
                NOON, REQUEST.notifyUrl(), REQUEST.payer(), REQUEST.sub(), REQUEST.returnUrl(), REQUEST.other(), "1");

        assertThat(AttemptRequest.parse(made.toJson()).environment()).isEqualTo("1");
        assertThat(AttemptRequest.parse(STORED).environment()).isEmpty();
    }

    @Test
    void does_not_show_its_token() {
        assertThat(REQUEST.toString()).doesNotContain("t9");
    }
}
