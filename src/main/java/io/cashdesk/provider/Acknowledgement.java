package io.cashdesk.provider;

/** An answer to a notification in the provider's own words. */
public record Acknowledgement(int status, String mediaType, String body) {}
