/**
 * What every provider is and can do; the adapters are the packages below.
 *
 * <p>An adapter is a package with one bean that implements {@link io.cashdesk.provider.PaymentProvider} and, for each
 * thing that its provider can do, the interface of that capability; CONTRIBUTING.md says how to write one.
 *
 * <p>Balances and coins that a provider keeps for payers ({@link io.cashdesk.provider.Coins}) are a capability beside
 * these, because they move no money and belong to no order. An operation carries a number of the merchant's and is
 * repeated with that number until the provider says that it is done.
 */
package io.cashdesk.provider;
