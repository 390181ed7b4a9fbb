package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_virtual_product}: what can be bought, with its price. */
@ApplicationScoped
class VirtualProducts {
    static final String PUBLISHED = "PUBLISHED";

    /** The states that a test can set, beside {@link #PUBLISHED}. */
    static final List<String> STATES = List.of(PUBLISHED, "UNPUBLISHED", "PENDING", "REVIEW_FAILED");

    /** Of every new account; docs/simulator.md names them. */
    private static final List<Product> FIRST = List.of(
            new Product("episode", 100, PUBLISHED),
            new Product("gems", 600, PUBLISHED),
            new Product("vip", 1990, PUBLISHED));

    @Inject
    SimulatorDatabase database;

    /**
     * @param price fen
     * @param state PUBLISHED; UNPUBLISHED; PENDING: published, but not yet effective; REVIEW_FAILED
     */
    record Product(String id, long price, String state) {}

    void addFirst(UUID account) {
        FIRST.forEach(product -> put(account, product));
    }

    /** Adds or changes a product. */
    void put(UUID account, Product p) {
        database.update("""
                insert into sim_virtual_product (account_id, product_id, price, state) values (?, ?, ?, ?)
                on conflict (account_id, product_id) do update set price = excluded.price, state = excluded.state""", account, p.id(), p.price(), p.state());
    }

    Optional<Product> find(UUID account, String id) {
        return database.first(
                "select * from sim_virtual_product where account_id = ? and product_id = ?",
                VirtualProducts::read,
                account,
                id);
    }

    List<Product> all(UUID account) {
        return database.query(
                "select * from sim_virtual_product where account_id = ? order by price, product_id",
                VirtualProducts::read,
                account);
    }

    private static Product read(ResultSet r) throws SQLException {
        return new Product(r.getString("product_id"), r.getLong("price"), r.getString("state"));
    }
}
