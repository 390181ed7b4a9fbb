/**
 * What every provider is and can do; the adapters are the packages below.
 *
 * <p>An adapter is a package with one bean that implements {@link io.cashdesk.provider.PaymentProvider} and, for each
 * thing that its provider can do, the interface of that capability; CONTRIBUTING.md says how to write one.
 *
 * <p>Balances and coins that a provider keeps for payers (WeChat's virtual payment: query a payer's balance, consume
 * coins, cancel a consumption, give coins) are a capability of their own beside these, because they move no money and
 * belong to no order. Its operations carry a number of ours and are repeated with that number until the provider says
 * that it is done; a consumption and its cancellation need the payer's session, not only an openid. The interface is
 * written with the first adapter that has it.
 */
package io.cashdesk.provider;
