package io.cashdesk.provider;

import java.util.Optional;

/**
 * An authentic notification, understood.
 *
 * @param repeatKey equal for every repetition of the same news, different for different news, even under a new signature
 * @param kind the provider's word for what it is about: "TRANSACTION.SUCCESS"
 * @param report what it says of an attempt; empty if it is about something that we only keep
 */
public record ProviderNews(String repeatKey, String kind, Optional<ProviderReport> report) {}
