/** Alipay's own server: the gateway of protocol V2 and the payer's phone. */
package io.cashdesk.simulator.alipay;
