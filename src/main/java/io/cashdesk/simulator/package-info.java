/** The providers' own servers, rebuilt from their documents, for test mode. */
package io.cashdesk.simulator;
