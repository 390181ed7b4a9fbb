package io.cashdesk.merchant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Optional;
import java.util.UUID;

/** All merchants. */
@ApplicationScoped
public class Merchants {
    @PersistenceContext
    EntityManager entities;

    public Merchant byId(UUID id) {
        return Optional.ofNullable(entities.find(Merchant.class, id))
                .orElseThrow(() -> new IllegalStateException("no merchant " + id));
    }

    public Optional<Merchant> byPid(String pid) {
        return entities.createQuery("select m from Merchant m where m.pid = :pid", Merchant.class)
                .setParameter("pid", pid)
                .getResultStream()
                .findFirst();
    }

    /** Stores a new merchant; within a transaction. */
    public void add(Merchant merchant) {
        entities.persist(merchant);
    }
}
