package io.cashdesk.otherprovider;

/** A merchant's account: its numbers, its keys, and whether certificates are used. */
record Account(String provider, String merchantNo, String appId, Pair keys, String v3Key, boolean certificates) {}
