package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Detail;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** A purchase of 60 coins for six yuan, in production, unless a test says otherwise. */
final class APurchase {
    static final Instant AT = Instant.parse("2018-09-05T05:03:52Z");
    static final String TOKEN = "7E3FB20B-4CDB-47CC-936D-99D65F608138";

    static final AppleApp APP = AppleApp.of(new Account(
            UUID.randomUUID(),
            UUID.randomUUID(),
            "appleiap",
            Account.KEY,
            "com.example",
            "com.example",
            "",
            "KEY1234567",
            "secret",
            "{\"appAppleId\":1234,\"issuerId\":\"issuer\"}",
            "shop"));

    private final AppleProduct product;
    private final Environment environment;
    private final Revocation revocation;
    private final String ownership;
    private final List<Fault> faults;

    private APurchase(
            AppleProduct product,
            Environment environment,
            Revocation revocation,
            String ownership,
            List<Fault> faults) {
        this.product = product;
        this.environment = environment;
        this.revocation = revocation;
        this.ownership = ownership;
        this.faults = faults;
    }

    static APurchase of(String product) {
        return new APurchase(
                AppleProduct.named(product).orElseThrow(), Environment.PRODUCTION, null, "PURCHASED", List.of());
    }

    APurchase in(Environment where) {
        return new APurchase(product, where, revocation, ownership, faults);
    }

    APurchase takenBack(String type, long percentage) {
        return new APurchase(
                product, environment, new Revocation(AT.plusSeconds(60), 0, type, percentage), ownership, faults);
    }

    APurchase with(Fault... more) {
        return new APurchase(product, environment, revocation, ownership, Arrays.asList(more));
    }

    ApplePurchase build() {
        var id = UUID.randomUUID();
        var number = "450012345678901";
        var trade = new Trade(
                id,
                APP.account().id(),
                "appleiap",
                number,
                "code",
                product.price() / 10,
                product.id() + " × 1",
                "",
                "",
                "SUCCESS",
                product.price() / 10,
                number,
                faults.stream().map(Fault::name).collect(Collectors.toSet()),
                AT,
                AT,
                AT);
        return new ApplePurchase(
                trade,
                new Detail(
                        id,
                        APP.account().id(),
                        number,
                        number,
                        environment,
                        product.id(),
                        product.type(),
                        1,
                        product.price(),
                        "CNY",
                        TOKEN,
                        ownership,
                        AT,
                        AT,
                        product.type().equals(AppleProduct.SUBSCRIPTION) ? AT.plus(Duration.ofDays(30)) : null,
                        revocation,
                        List.of()));
    }
}
