package io.cashdesk.it;

import io.cashdesk.handler.PaidHandler;
import io.cashdesk.handler.PaidOrder;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A handler in a jar of its own inside the WAR; the test sets its behaviour. */
@ApplicationScoped
public class TeaHandler implements PaidHandler {
    @Resource(lookup = "java:jboss/datasources/cashdesk")
    DataSource dataSource;

    @Override
    public String type() {
        return "tea";
    }

    @Override
    public boolean paid(PaidOrder order) throws SQLException, InterruptedException {
        if (!order.test() || order.data().getInt("cups") != 2) throw new IllegalArgumentException(order.toString());
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement("insert into tea_sold values (?, ?)")) {
            statement.setString(1, order.outTradeNo());
            statement.setLong(2, order.totalFee());
            statement.executeUpdate();
        }
        return switch (behaviour()) {
            case "bad" -> false;
            case "broken" -> throw new IllegalStateException("the kettle is broken");
            case "slow" -> {
                TimeUnit.SECONDS.sleep(30);
                yield true;
            }
            default -> true;
        };
    }

    private String behaviour() throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement("select behaviour from tea_behaviour");
                var rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }
}
