/**
 * The providers' own servers for test mode, written from the providers' documents. This package has what all of them
 * share; each provider is a package below it that implements {@link io.cashdesk.simulator.SimulatedProvider}.
 */
package io.cashdesk.simulator;
