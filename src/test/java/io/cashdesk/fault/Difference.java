package io.cashdesk.fault;

/** Two records that should agree and do not. */
record Difference(String number, String what, String provider, String ours) {
    @Override
    public String toString() {
        return "order " + number + ": " + what + "\n      provider: " + provider + "\n      ours:     " + ours;
    }
}
