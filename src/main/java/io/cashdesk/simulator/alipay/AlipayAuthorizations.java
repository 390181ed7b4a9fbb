package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_alipay_authorization}: for which other seller an application may act. */
@ApplicationScoped
class AlipayAuthorizations {
    @Inject
    SimulatorDatabase database;

    @Inject
    AccountStore accounts;

    /** @param token the {@code app_auth_token} */
    record Authorization(String token, UUID applicationId, UUID sellerId) {}

    /**
     * The authorization of this application. It is made at first use, with a seller who has no key and signs nothing.
     */
    Authorization of(Account application) {
        var known = find(application);
        if (known.isPresent()) return known.get();
        var numbers = AccountNumbers.of(application);
        var seller = new Account(
                Ids.next(),
                Ids.next(),
                AlipayServer.NAME,
                application.kind(),
                "2088" + numbers.digits("seller", 12),
                "2021" + numbers.digits("seller's application", 12),
                "",
                "",
                "",
                "{}",
                application.pid());
        accounts.addIfNew(seller);
        database.update(
                "insert into sim_alipay_authorization values (?, ?, ?) on conflict do nothing",
                "202601BB" + RandomText.hex(32),
                application.id(),
                seller.id());
        return find(application).orElseThrow();
    }

    private Optional<Authorization> find(Account application) {
        return database.first(
                "select * from sim_alipay_authorization where application_id = ?",
                AlipayAuthorizations::read,
                application.id());
    }

    Optional<Authorization> find(String token) {
        return database.first(
                "select * from sim_alipay_authorization where token = ?", AlipayAuthorizations::read, token);
    }

    private static Authorization read(ResultSet r) throws SQLException {
        return new Authorization(
                r.getString("token"), r.getObject("application_id", UUID.class), r.getObject("seller_id", UUID.class));
    }
}
