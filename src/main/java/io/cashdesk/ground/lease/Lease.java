package io.cashdesk.ground.lease;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The right to work on a row for a limited time, while no transaction is open. It is taken under the row's lock, and
 * only if no other lease runs. The result of the work is written only if the row still carries this claim: if the lease
 * ended in the meantime (the node died, or was too slow) another node may have taken the row over under a claim of its
 * own.
 *
 * <p>Immutable. A row without a lease has null in this place, both before it is stored and after it is loaded, because
 * Hibernate loads an embeddable whose columns are all null as null; {@link #held} and {@link #runs} take that null.
 */
@Embeddable
public class Lease {
    private UUID claim;

    @Column(name = "lease_until")
    private Instant until;

    protected Lease() {} // for JPA

    private Lease(UUID claim, Instant until) {
        this.claim = claim;
        this.until = until;
    }

    /**
     * A lease under a new claim.
     *
     * @param length longer than all time-outs of the work together, so that no lease ends under work that is still
     *     running
     */
    public static Lease take(Instant now, Duration length) {
        return new Lease(UUID.randomUUID(), now.plus(length));
    }

    /**
     * Whether the work done under this claim may be written: false once the lease was released or taken over. A lease
     * that has ended is held until another claim takes it over.
     *
     * @param lease the row's, or null
     */
    public static boolean held(Lease lease, UUID claim) {
        return lease != null && claim.equals(lease.claim);
    }

    /**
     * Whether a holder is at work, so that no other may begin.
     *
     * @param lease the row's, or null
     */
    public static boolean runs(Lease lease, Instant now) {
        return lease != null && lease.claim != null && now.isBefore(lease.until);
    }

    public UUID claim() {
        return claim;
    }

    /** The moment from which another claim may take over. */
    public Instant until() {
        return until;
    }
}
