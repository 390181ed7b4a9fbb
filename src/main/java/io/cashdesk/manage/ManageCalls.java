package io.cashdesk.manage;

import io.cashdesk.ground.database.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.util.function.Supplier;

/** How every call of the management API is carried out: for the holder of the token, in one transaction. */
@ApplicationScoped
class ManageCalls {
    @Inject
    ManageToken token;

    @Inject
    Transactions transactions;

    /** @param authorization the header, or null */
    JsonObject read(String authorization, Supplier<JsonObject> work) {
        token.check(authorization);
        return transactions.inNew(work);
    }

    /** Reads in transactions of its own, or makes what must not be made inside of one. */
    JsonObject outside(String authorization, Supplier<JsonObject> work) {
        token.check(authorization);
        return work.get();
    }

    /**
     * A change of one order: in one transaction, which locks the order first. Other management calls go on beside it.
     */
    JsonObject changeOrder(String authorization, Supplier<JsonObject> work) {
        return read(authorization, work);
    }

    /** One call at a time over all nodes, so that two equal PUTs at the same moment have the result of one. */
    JsonObject write(String authorization, Supplier<JsonObject> work) {
        token.check(authorization);
        return transactions.inNew(() -> {
            transactions.advisoryLock("manage");
            return work.get();
        });
    }
}
