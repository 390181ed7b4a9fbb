package io.cashdesk.notification;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.Purchase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** A provider's store has returned a purchase to its payer, or has charged the payer again. It is never changed. */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
class StoreReturn {
    @Id
    private UUID id;

    @PartitionKey
    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String provider;
    private String merchantNo;
    private String transactionId;
    private String refundNo;
    private Integer thousandths;
    private Instant happenedAt;
    private String evidence;
    private Instant createdAt;

    protected StoreReturn() {} // for JPA

    private StoreReturn(ApplyPurchase.Seller seller, Purchase purchase, Instant happenedAt, Instant now) {
        this.id = Ids.next();
        this.merchantId = seller.merchant();
        this.mode = seller.mode();
        this.provider = seller.provider();
        this.merchantNo = seller.merchantNo();
        this.transactionId = purchase.transactionId();
        this.happenedAt = happenedAt == null ? now : happenedAt;
        this.evidence = purchase.paid().evidence();
        this.createdAt = now;
    }

    /** @param now its moment, where the store does not say one */
    static StoreReturn of(ApplyPurchase.Seller seller, Purchase purchase, Purchase.Return back, Instant now) {
        var stored = new StoreReturn(seller, purchase, back.at(), now);
        stored.refundNo = back.refundNo();
        stored.thousandths = back.thousandths();
        return stored;
    }

    /**
     * The payer was charged again.
     *
     * @param at the store's moment, or null where it does not say: then now
     */
    static StoreReturn reversed(ApplyPurchase.Seller seller, Purchase purchase, Instant at, Instant now) {
        return new StoreReturn(seller, purchase, at, now);
    }

    /** The return; empty if the payer was charged again. */
    Optional<Purchase.Return> back() {
        return Optional.ofNullable(refundNo).map(number -> new Purchase.Return(number, thousandths, happenedAt));
    }

    Instant happenedAt() {
        return happenedAt;
    }
}
