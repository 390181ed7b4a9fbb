package io.cashdesk.simulator;

import java.time.Instant;

/** An order that a merchant makes; the components are those of {@link Trade}. */
public record NewTrade(
        Account account,
        String number,
        String code,
        long amount,
        String subject,
        String notifyUrl,
        String request,
        String state,
        Instant expiresAt) {}
